"""The race: many real HTTP clients on the same times, on a real server, while things go wrong.

`make bench` runs it as a program; `tests/suite/test_race_chaos.py` runs a small one as a test.
"""
