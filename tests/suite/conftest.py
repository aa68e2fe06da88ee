"""Put the helpers of this folder on the path."""

import sys
from pathlib import Path

# last, so that the helpers never shadow anything
sys.path.append(str(Path(__file__).parent))
