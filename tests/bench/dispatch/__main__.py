"""Run the measurements: ``python -m dispatch [solomon] [city] [time] [question] [replan]``, all without a name.

``DISPATCH_SECONDS`` (5) is what a plan may take, ``DISPATCH_DAYS`` (4) how many days of each size are made.
"""

import os
import sys

from dispatch import measures

if __name__ == "__main__":
    seconds = float(os.environ.get("DISPATCH_SECONDS", "5"))
    days = int(os.environ.get("DISPATCH_DAYS", "4"))
    for name in sys.argv[1:] or measures.ALL:
        measures.ALL[name](seconds, days)
