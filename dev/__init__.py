"""The project's own tool: it prepares a machine, and runs the demo, the tests and the checks.

Python's standard library only, because it runs before anything is installed.
Each module holds one idea; `cli.py` puts them together. `python3 -m dev --help` lists the commands.
"""
