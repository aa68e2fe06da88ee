"""`python3 -m dev`: find the right Python, then hand over to the command line."""

import os
import shutil
import sys

PYTHON = (3, 11)


def main():
    """Run the command line under Python 3.11, restarting under it when another Python was called."""
    here, wanted = (".".join(map(str, version)) for version in (sys.version_info[:2], PYTHON))
    if here != wanted:
        other = shutil.which(f"python{wanted}")
        if not other:
            sys.stderr.write(
                f"Python {wanted} is needed and this is {here}: install it ('apt-get install python3.11-venv' on "
                "Debian 12), or give its place with 'make … PYTHON=/path/to/python3.11'.\n"
            )
            return 1
        os.execv(other, [other, "-m", "dev", *sys.argv[1:]])
    from dev.cli import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
