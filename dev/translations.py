"""Translation templates: what of our addons is to be translated, `addons/*/i18n/*.pot`."""

import re

from dev import odoo, shell
from dev.database import own_modules
from dev.steps import say

# Odoo writes the moment of the export into each file: no change by itself
DATES = re.compile(r'^"(POT-Creation-Date|PO-Revision-Date):.*\n', re.MULTILINE)


def write(settings, tree, databases):
    """Write the template of each addon anew, and leave alone those that say the same as before."""
    modules = own_modules(settings.addons)
    paths = {name: settings.addons / name / "i18n" / f"{name}.pot" for name in modules}
    before = {name: path.read_text() if path.exists() else "" for name, path in paths.items()}
    with databases.clone_for_run() as database:
        conf = odoo.write_conf(settings, "odoo")
        command = odoo.command(settings, tree, conf, "export", *modules, "-d", database, subcommand="i18n")
        log = settings.run / "log" / "translations.log"
        shell.run(command, log, "Exporting the translations", env=databases.env, cwd=settings.root)
    changed = [name for name in modules if not _says_the_same(paths[name], before[name])]
    say(f"Translation templates that changed: {', '.join(changed) or 'none'}.")


def _says_the_same(path, before):
    """Return whether `path` differs from `before` by its dates only; then it is put back as it was."""
    if not path.exists():
        return True  # an addon without texts
    same = DATES.sub("", path.read_text()) == DATES.sub("", before)
    if same:
        path.write_text(before)
    return same
