"""Other rules for a zone than the tz database has today, as a new release of it would bring them."""

import struct
import tempfile
import zoneinfo
from contextlib import contextmanager
from pathlib import Path

# magic and version, reserved bytes, then how many: two indicators, leap seconds, transitions, types, letters
_HEADER = b"TZif2" + bytes(15) + struct.pack(">6l", 0, 0, 0, 0, 1, 4)
# one type of local time, which no moment uses: the rule in the footer reaches over all of time
_TYPE = struct.pack(">lbb", 0, 0, 0) + b"UTC\0"


@contextmanager
def changed_rule(name, rule):
    """Let the zone ``name`` follow a POSIX rule, such as ``"EST5"``, while the block runs; see RFC 9636."""
    path = zoneinfo.TZPATH
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, name)
        file.parent.mkdir(parents=True)
        file.write_bytes((_HEADER + _TYPE) * 2 + f"\n{rule}\n".encode())
        try:
            zoneinfo.reset_tzpath([folder, *path])
            zoneinfo.ZoneInfo.clear_cache(only_keys=[name])
            yield
        finally:
            zoneinfo.reset_tzpath(path)
            zoneinfo.ZoneInfo.clear_cache(only_keys=[name])
