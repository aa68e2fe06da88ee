"""Prepared databases: made once, cloned in a moment.

Three layers, each a PostgreSQL template of the next:

  base      Odoo and the third-party modules (a minute, once)
  template  base and all our addons, web pages' assets compiled (seconds, whenever an addon's file changed)
  a clone   of the template for one run of the tests, dropped afterwards

`ADDONS=a,b` in the environment makes a template of those addons of ours and what they stand on alone: sooner ready
while one addon is worked on; its pages' assets are compiled when they are asked for.

What a database was made from is kept as a hash in its comment. A database is built under a
temporary name and renamed at the end, so a run that was interrupted leaves none that is half made.
"""

import ast
import contextlib
import hashlib
import os
import re
import subprocess

from dev import odoo, shell
from dev.errors import Failure
from dev.steps import step

# Installed in `base`: what our addons stand on, so that building `template` takes seconds.
# Automatic installation is off, so that only what is named here and its dependencies comes.
PREPARED = (
    "account_payment",
    "auth_signup",
    "calendar",
    "fastapi",
    "fieldservice_recurring",
    "fieldservice_sale",
    "fieldservice_skill",
    "payment_custom",
    "payment_demo",
    "portal",
    "portal_rating",
    "queue_job",
    "resource",
    "rpc",
    "sale_management",
    "spreadsheet_dashboard",
    "web_leaflet_lib",
    "web_timeline",
    "web_tour",
)
# Attachments live in the database, so a clone has the compiled assets and dropping it leaves nothing.
ATTACHMENTS = """
env['ir.config_parameter'].set_param('ir_attachment.location', 'db')
env['ir.attachment'].force_storage()
env.cr.commit()
"""
WARM = """
env['ir.qweb']._pregenerate_assets_bundles()
env.cr.commit()
"""


class Databases:
    """The databases of one server, seen from one clone."""

    def __init__(self, settings, tree, env):
        self.settings, self.tree, self.env = settings, tree, env

    # -- PostgreSQL ---------------------------------------------------------------------------

    def query(self, sql, database="postgres"):
        """Run `sql` and return the lines of its answer."""
        done = subprocess.run(self._psql(sql, database), env=self.env, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Failure(f"The database refused: {shell.reason(done.stderr, done.returncode)}.")
        return done.stdout.splitlines()

    def _psql(self, sql, database):
        return ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", sql]

    def comment(self, name):
        """Return the comment of database `name`, or None when there is no such database."""
        sql = "SELECT coalesce(shobj_description(oid, 'pg_database'), '') FROM pg_database WHERE datname = '{}'"
        return next(iter(self.query(sql.format(_literal(name)))), None)

    def set_comment(self, name, text):
        """Set the comment of database `name`."""
        self.query(f"COMMENT ON DATABASE {_quote(name)} IS '{_literal(text)}'")

    def clone(self, source, name):
        """Make database `name` a copy of `source`."""
        self.query(f"CREATE DATABASE {_quote(name)} TEMPLATE {_quote(source)}")

    def drop(self, name):
        """Drop database `name` if it is there, ending the sessions that are in it."""
        self.query(f"DROP DATABASE IF EXISTS {_quote(name)} WITH (FORCE)")

    def rename(self, name, new):
        """Give database `name` the name `new`, in place of a database that has it."""
        self.drop(new)
        self.query(f"ALTER DATABASE {_quote(name)} RENAME TO {_quote(new)}")

    # -- Odoo ---------------------------------------------------------------------------------

    def odoo(self, database, log, what, *arguments):
        """Run Odoo on `database` until its arguments are carried out; return its log, refused if it has an error."""
        conf = odoo.write_conf(self.settings, "odoo")
        options = ["-d", database, "--no-http", "--max-cron-threads=0", "--skip-auto-install", "--stop-after-init"]
        command = odoo.command(self.settings, self.tree, conf, *options, *arguments)
        path = self.settings.run / "log" / log
        text = shell.run(command, path, what, env=self.env, cwd=self.settings.root)
        faults = faulty_lines(text, own_modules(self.settings.addons))
        if faults:
            raise Failure(f"{what} logged a fault: {faults[0]} (whole log: {path}).")
        return text

    def script(self, database, code, what):
        """Run Python `code` in an Odoo shell on `database`."""
        conf = odoo.write_conf(self.settings, "odoo")
        options = ["-d", database, "--no-http"]
        command = odoo.command(self.settings, self.tree, conf, *options, subcommand="shell")
        path = self.settings.run / "log" / "shell.log"
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "wb") as output:
            done = subprocess.run(
                [str(part) for part in command],
                input=f"{code}\n".encode(),
                stdout=output,
                stderr=subprocess.STDOUT,
                env=self.env,
                cwd=self.settings.root,
                check=False,
            )
        text = path.read_text(errors="replace")
        if done.returncode or "Traceback (most recent call last)" in text:
            raise Failure(f"{what} failed: {shell.reason(text, done.returncode)}. The whole output is in {path}.")

    # -- Layers -------------------------------------------------------------------------------

    def base(self):
        """Return the name of the database with the third-party modules, building it when there is none."""
        name = f"ss_base_{_digest(self._base_parts())[:8]}"
        if self.comment(name) is not None:
            return name
        with step("Database with Odoo's modules (once)"), self.building(name, None, "complete") as new:
            self.install_from_nothing(new, "base.log", [])
        return name

    def install_from_nothing(self, name, log, modules):
        """Make database `name` with Odoo's modules and `modules`, its attachments in the database."""
        self.odoo(name, log, "Installing Odoo's modules", "-i", ",".join([*PREPARED, *modules]))
        self.script(name, ATTACHMENTS, "Moving the attachments")

    def template(self):
        """Return the name of the database with all our addons, rebuilding it when a file of theirs changed."""
        asked = [name for name in os.environ.get("ADDONS", "").split(",") if name]
        modules = closure(self.settings.addons, asked) if asked else own_modules(self.settings.addons)
        name = f"ss_template_{self.settings.key}" + (f"_{_digest(modules)[:6]}" if asked else "")
        base = self.base()
        made_from = f"{base} {addons_hash(self.settings.addons, modules)}"
        assets = addons_hash(self.settings.addons, modules, assets=True)
        comment = self.comment(name)
        if not comment or comment.split("|")[0] != made_from:
            title = f"Database with our {len(modules)} addons" + (f": {', '.join(modules)}" if asked else "")
            with step(title), self.building(name, base, made_from) as new:
                if modules:
                    self.odoo(new, "template.log", "Installing our addons", "-i", ",".join(modules))
                if comment:
                    self._carry_assets(name, new)
        if comment != f"{made_from}|{assets}" and not asked:
            with step("Compiling the web pages' assets"):
                self.script(name, WARM, "Compiling the web pages' assets")
            self.set_comment(name, f"{made_from}|{assets}")
        return name

    @contextlib.contextmanager
    def clone_for_run(self, part=1):
        """Give the block the name of a fresh clone of `template`, dropped at its end; `part` tells several apart."""
        name = f"ss_run_{self.settings.key}_{part}_{os.getpid()}"
        with self.locked():
            self._sweep()
            template = self.template()
            self.drop(name)
            self.clone(template, name)
        try:
            yield name
        finally:
            self.drop(name)

    def locked(self):
        """Return a lock under which databases are made: two runs do not build the same one."""
        return shell.lock(self.settings.run / "database.lock")

    def _base_parts(self):
        requirements = (self.settings.root / "requirements.txt").read_text()
        addons = re.findall(r"^odoo-addon-\S+", requirements, re.MULTILINE)
        return [str(self.tree), *PREPARED, *addons, ATTACHMENTS]

    @contextlib.contextmanager
    def building(self, name, source, comment):
        """Give the block a temporary database (a copy of `source`, or none yet), named `name` at the end."""
        new = f"{name}_new"
        self.drop(new)
        if source:
            self.clone(source, new)
        yield new
        self.set_comment(new, comment)
        self.rename(new, name)

    def _carry_assets(self, old, new):
        """Copy compiled assets from database `old` to `new`, so that only those that changed are compiled again."""
        columns = "name, type, url, mimetype, res_model, res_id, public, db_datas, file_size, checksum, "
        columns += "create_uid, create_date, write_uid, write_date"
        self.query("DELETE FROM ir_attachment WHERE url LIKE '/web/assets/%'", new)
        rows = f"COPY (SELECT {columns} FROM ir_attachment WHERE url LIKE '/web/assets/%') TO STDOUT"
        with subprocess.Popen(self._psql(rows, old), env=self.env, stdout=subprocess.PIPE) as reader:
            command = self._psql(f"COPY ir_attachment ({columns}) FROM STDIN", new)
            written = subprocess.run(command, env=self.env, stdin=reader.stdout, capture_output=True, check=False)
        if reader.returncode or written.returncode:
            raise Failure(f"Copying assets failed: {shell.reason(written.stderr.decode(), written.returncode)}.")

    def _sweep(self):
        """Drop the clones of runs that are no more."""
        sql = f"SELECT datname FROM pg_database WHERE datname LIKE 'ss\\_run\\_{self.settings.key}\\_%'"
        for name in self.query(sql):
            pid = name.rsplit("_", 1)[1]
            if not os.path.exists(f"/proc/{pid}"):
                self.drop(name)


def own_modules(addons):
    """Return the names of our installable addons: the folders of `addons` whose manifest says so."""
    names = []
    for manifest in sorted(addons.glob("*/__manifest__.py")):
        with contextlib.suppress(SyntaxError, ValueError):
            if ast.literal_eval(manifest.read_text()).get("installable", True):
                names.append(manifest.parent.name)
    return names


def closure(addons, names):
    """Return `names` and those of our addons that they stand on, sorted; refused when one is not ours."""
    own, found = set(own_modules(addons)), set()
    todo = list(names)
    while todo:
        name = todo.pop()
        if name not in own:
            raise Failure(f"There is no installable addon {name} in {addons}.")
        found.add(name)
        manifest = ast.literal_eval((addons / name / "__manifest__.py").read_text())
        todo += [other for other in manifest["depends"] if other in own - found]
    return sorted(found)


def addons_hash(addons, names=None, assets=False):
    """Return a hash of the files that a database with the addons `names` (all that there are) is made from.

    Files below `static` only change compiled assets: `assets` hashes those alone, else they are left
    out. Tests are left out of both, for they are read when they run, and translation templates, which
    only translators read.
    """
    digest = hashlib.sha256()
    folders = [addons] if names is None else [addons / name for name in names]
    for path in sorted(path for folder in folders for path in folder.rglob("*")):
        parts = path.relative_to(addons).parts
        # names first: Python writes what it has compiled, under another name until it is whole, while we look
        if "__pycache__" in parts or path.suffix in (".pyc", ".pot") or parts[1:2] in (("tests",), ("i18n_extra",)):
            continue
        if path.is_file() and (parts[1] == "static") == assets:
            digest.update(f"{'/'.join(parts)}\0{path.stat().st_size}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def faulty_lines(log, modules):
    """Return the log lines that an installation must not have.

    Those are all of level ERROR or CRITICAL, and the warnings that name one of our `modules`; that the database is
    called as a module is does not count.
    """
    faults = []
    for line in log.splitlines():
        found = re.match(r"\S+ \S+ \d+ (WARNING|ERROR|CRITICAL) \S+ (.*)", line)
        if found and (found.group(1) != "WARNING" or any(name in found.group(2) for name in modules)):
            faults.append(line)
    return faults


def _digest(parts):
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _quote(name):
    return '"' + name.replace('"', '""') + '"'


def _literal(text):
    return text.replace("'", "''")
