"""Debian's packages: Odoo's tree unpacked into a cache, and programs installed with apt.

Debian has Odoo 19 in its unstable suite only. Its package is fetched with apt state of our own,
so the system's sources, lists and packages stay as they are and no root is needed.
"""

import os
import pathlib
import re
import shutil

from dev import shell
from dev.errors import Failure
from dev.steps import step

ODOO_SUITE = "sid"
ODOO_PACKAGE = "odoo-19"
# Files that Odoo's package links to and that live in packages of their own; some are
# taken from the system's own suite, since unstable's newer packages have other file names.
OLDER_ASSET_PACKAGES = ("fonts-font-awesome", "fonts-inconsolata")
ASSET_PACKAGES = (
    "fonts-montserrat",
    "fonts-ocr-b",
    "fonts-roboto-unhinted",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
)
APT_CONF = """\
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear DPkg::Post-Invoke;
APT::Update::Error-Mode "any";
Acquire::Languages "none";
Acquire::Retries "2";
APT::Sandbox::User "root";
Dir::State::status "/var/lib/dpkg/status";
Dir::Etc::SourceParts "-";
Dir::State "{here}/state";
Dir::Cache "{here}/cache";
Dir::Etc::SourceList "{here}/sources.list";
"""


def odoo_tree(settings):
    """Return the folder of an unpacked Odoo 19, unpacking it into the shared cache when there is none."""
    if settings.tree:
        if not (settings.tree / "usr/bin/odoo").is_file():
            raise Failure(f"ODOO_TREE={settings.tree} holds no usr/bin/odoo: it must be an unpacked odoo-19 package.")
        return settings.tree
    with shell.lock(settings.cache / "lock"):
        trees = sorted(settings.cache.glob("odoo-19.0+*"))
        if trees:
            return trees[-1]
        with step("Odoo 19 from Debian (once per machine)"):
            return _unpack(settings)


def _unpack(settings):
    """Download and unpack Odoo beside its final place, then rename: an interrupted run leaves no half tree."""
    work = settings.cache / "unpacking"
    shutil.rmtree(work, ignore_errors=True)
    for folder in ("state/lists/partial", "cache/archives/partial", "debs", "tree"):
        (work / folder).mkdir(parents=True)
    log = settings.run / "log" / "odoo-tree.log"
    codename, source = suite_source(_system_sources())
    (work / "sources.list").write_text("".join(f"deb {source.format(suite=s)}\n" for s in (ODOO_SUITE, codename)))
    (work / "apt.conf").write_text(APT_CONF.format(here=work))
    apt = ["apt-get", "-q", "-c", work / "apt.conf"]
    shell.run([*apt, "update"], log, "Reading Debian's package lists")
    wanted = [f"{name}/{ODOO_SUITE}" for name in (ODOO_PACKAGE, *ASSET_PACKAGES)]
    wanted += [f"{name}/{codename}" for name in OLDER_ASSET_PACKAGES]
    shell.run([*apt, "download", *wanted], log, "Downloading Odoo from Debian", cwd=work / "debs")
    for deb in sorted((work / "debs").glob("*.deb")):
        shell.run(["dpkg-deb", "-x", deb, work / "tree"], log, f"Unpacking {deb.name}")
    version = next((work / "debs").glob(f"{ODOO_PACKAGE}_*")).name.split("_")[1].replace("%3a", ":")
    _check_links(work / "tree")
    final = settings.cache / f"odoo-19.0+{version}"
    os.rename(work / "tree", final)
    shutil.rmtree(work, ignore_errors=True)
    return final


def _check_links(tree):
    """Make the tree's absolute links relative to the tree, and refuse one whose web client lacks files."""
    for link in (path for path in tree.rglob("*") if path.is_symlink()):
        target = os.readlink(link)
        if target.startswith("/usr/share/") and (tree / target[1:]).exists():
            link.unlink()
            link.symlink_to(os.path.relpath(tree / target[1:], link.parent))
        if "/addons/web/static/" in str(link) and not link.exists():
            raise Failure(f"Odoo's package links {link.relative_to(tree)} to {target}, which no package brought.")


def _system_sources():
    """Return the texts of the system's apt sources."""
    folder = pathlib.Path("/etc/apt")
    files = [folder / "sources.list", *sorted(folder.glob("sources.list.d/*.list"))]
    files += sorted(folder.glob("sources.list.d/*.sources"))
    return [file.read_text(errors="replace") for file in files if file.is_file()]


def suite_source(texts):
    """Return the system's code name and its Debian source as a one-line entry with `{suite}` in it.

    `texts` are the contents of apt's source files, in either of apt's two formats. Raises
    `Failure` when none of them is a Debian archive with this system's own suite.

    >>> suite_source(["deb http://mirror/debian bookworm main"])[1]
    'http://mirror/debian {suite} main'
    """
    for text in texts:
        for suite, uri, signed_by in _entries(text):
            if re.fullmatch(r"bookworm|stable|oldstable", suite):
                option = f"[signed-by={signed_by}] " if signed_by else ""
                return suite, f"{option}{uri} {{suite}} main"
    raise Failure("This system's apt sources name no Debian 12 archive: set ODOO_TREE to an unpacked odoo-19 package.")


def _entries(text):
    """Yield (suite, address, keyring or None) of each source in `text`."""
    for line in re.findall(r"^deb\s+(.*)$", text, re.MULTILINE):
        options = re.match(r"\[(.*?)\]\s*", line)
        uri, suite, *_rest = line[options.end() if options else 0 :].split()
        signed = re.search(r"signed-by=(\S+)", options.group(1)) if options else None
        yield suite, uri, signed and signed.group(1)
    for stanza in re.split(r"\n\s*\n", text):
        fields = dict(re.findall(r"^([A-Za-z-]+):[ \t]*(\S.*)$", stanza, re.MULTILINE))
        if "deb" in fields.get("Types", "").split() and "URIs" in fields:
            for suite in fields.get("Suites", "").split():
                yield suite, fields["URIs"].split()[0], fields.get("Signed-By")


def need(settings, packages):
    """Install what is missing of Debian's `packages` with apt when we are root; else say what to install.

    Each package is (name, test, purpose): the test is the name of the program that it brings, or a
    function that tells whether it is there.
    """
    missing = [(name, why) for name, test, why in packages if not (test() if callable(test) else shutil.which(test))]
    if not missing:
        return
    names = " ".join(name for name, _why in missing)
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        purposes = "; ".join(f"{name} for {why}" for name, why in missing)
        raise Failure(f"Missing: {purposes}. As root, 'apt-get install {names}' brings it.")
    with step(f"Debian packages: {names}"):
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        log = settings.run / "log" / "apt.log"
        shell.run(["apt-get", "-q", "update"], log, "Reading Debian's package lists", env=env)
        install = ["apt-get", "-q", "-y", "--no-install-recommends", "install", *names.split()]
        shell.run(install, log, f"Installing {names}", env=env)
