"""Calling Odoo: its configuration file and its command."""

import configparser

OFF = "False"


def write_conf(settings, name, channels=None, **options):
    """Write `.run/<name>.conf`: the project's `odoo.conf` plus this machine's paths and `options`; return its path.

    `channels` are those of queue_job where they differ; `root:0` lets nobody take up jobs in the background.
    """
    conf = configparser.RawConfigParser()
    conf.read(settings.root / "odoo.conf")
    local = {
        "addons_path": settings.addons,
        "data_dir": settings.run / "data",
        "http_interface": "127.0.0.1",
        "screenshots": settings.run / "screenshots",
    }
    for key, value in {**local, **options}.items():
        conf.set("options", key, str(value))
    if channels:
        conf.set("queue_job", "channels", channels)
    path = settings.run / f"{name}.conf"
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        conf.write(file)
    return path


def command(settings, tree, conf, *arguments, subcommand=None):
    """Return the command line of Odoo.

    The script of the tree is called, not `python -m odoo`: only so can Odoo start its own
    helper processes again. A subcommand has to come before the options, and ours after those of `i18n export`.
    """
    script = [settings.python, "-W", "ignore", tree / "usr/bin/odoo"]
    if subcommand:
        script.append(subcommand)
    return [*script, *arguments, "-c", conf]
