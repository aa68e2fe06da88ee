"""`python3 -m dev`: find the right Python, then hand over to the command line."""

import os
import shutil
import sys

PYTHON = (3, 11)


def main():
    """Run the command line under Python 3.11, restarting under it when another Python was called."""
    if sys.version_info[:2] != PYTHON:
        other = shutil.which("python%d.%d" % PYTHON)
        if not other:
            sys.stderr.write(
                "Python %d.%d is needed (this is %d.%d): install it, for example with 'apt-get install python3.11 "
                "python3.11-venv', or run make with PYTHON=/path/to/python3.11.\n" % (PYTHON + sys.version_info[:2])
            )
            return 1
        os.execv(other, [other, "-m", "dev", *sys.argv[1:]])
    from dev.cli import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
