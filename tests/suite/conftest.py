"""Put the helpers of this folder, and the race that the benchmarks share, on the path."""

import sys
from pathlib import Path

# last, so that the helpers never shadow anything
sys.path += [str(Path(__file__).parent), str(Path(__file__).parent.parent / "bench")]
