"""Where things are, and what the environment asks for."""

import dataclasses
import hashlib
import os
import pathlib


@dataclasses.dataclass(frozen=True)
class Settings:
    """The places and wishes of one run.

    `root` is the clone, `run` the ignored folder for everything that a run leaves behind, `cache` the
    folder outside the clone that all clones share. `python` runs Odoo: it is that of the virtual
    environment `venv`, except in a container. `tree` is an Odoo tree that the person brought along
    (`ODOO_TREE`), or None.
    """

    root: pathlib.Path
    run: pathlib.Path
    venv: pathlib.Path
    python: pathlib.Path
    cache: pathlib.Path
    tree: pathlib.Path | None
    port: str
    database: str

    @property
    def key(self):
        """Eight characters that tell this clone from others on the same machine or database server."""
        return hashlib.sha256(str(self.root).encode()).hexdigest()[:8]

    @property
    def addons(self):
        """The folder of our own addons."""
        return self.root / "addons"


def read(environ=None):
    """Return the `Settings` that `environ` (the process's by default) asks for."""
    environ = os.environ if environ is None else environ
    root = pathlib.Path(__file__).resolve().parent.parent
    cache_home = environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    tree = environ.get("ODOO_TREE")
    return Settings(
        root=root,
        run=root / ".run",
        venv=root / ".venv",
        python=root / ".venv" / "bin" / "python",
        cache=pathlib.Path(cache_home) / "service-schedule",
        tree=pathlib.Path(tree).resolve() if tree else None,
        port=environ.get("PORT") or "8069",
        database=environ.get("DB") or "service_schedule_demo",
    )
