"""Put the helpers of this folder, and those of the tests with a real server, on the path."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
# last, so that the helpers never shadow anything
sys.path += [str(HERE), str(HERE.parent / "suite"), str(HERE.parent / "bench")]
