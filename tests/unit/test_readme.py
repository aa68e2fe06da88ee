"""The root README's chart of the addons says what their manifests say."""

import ast
import itertools
import pathlib
import re

ROOT = pathlib.Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
CHART = re.search(r"```mermaid\nflowchart TD\n(.*?)```", README, re.DOTALL)[1]
NODES = dict(re.findall(r"^\s+(\w+)\[+([\w ]+)", CHART, re.MULTILINE))
MANIFESTS = {path.parent.name: ast.literal_eval(path.read_text()) for path in ROOT.glob("addons/*/__manifest__.py")}
LIBRARIES = {"schedlib": "service_schedule", "dispatchlib": "fieldservice_schedule"}
"""The pure packages that are drawn beside the addons that have them."""


def read_edges():
    """Return ``{(from, to)}`` of the chart: names of addons, or what else is drawn."""
    edges = set()
    for line in CHART.splitlines():
        if "-->" in line:
            ranks = [[re.match(r"\w+", node.strip())[0] for node in rank.split("&")] for rank in line.split("-->")]
            for above, below in itertools.pairwise(ranks):
                edges |= {(NODES.get(one, one), NODES.get(other, other)) for one in above for other in below}
    return edges


def get_below(name, edges):
    """Return all that lies below something, on any way."""
    found, new = set(), {name}
    while new:
        new = {below for above, below in edges if above in new} - found
        found |= new
    return found


OURS = {(name, below) for name, manifest in MANIFESTS.items() for below in manifest["depends"] if below in MANIFESTS}


def test_every_addon_is_in_chart_and_table():
    """No addon is forgotten, and none is told of that there is not."""
    drawn = {text for text in NODES.values() if "service_" in text}
    assert drawn == set(MANIFESTS)
    assert set(re.findall(r"^\| `(\w+)` \|", README, re.MULTILINE)) == set(MANIFESTS)


def test_arrows_are_dependencies():
    """Each arrow between addons is a dependency, and each dependency can be followed along the arrows."""
    edges = read_edges()
    between = {(above, below) for above, below in edges if above in MANIFESTS and below in MANIFESTS}
    assert len(between) > 20
    assert not [edge for edge in between if edge[1] not in get_below(edge[0], OURS)]
    assert not [edge for edge in OURS if edge[1] not in get_below(edge[0], edges)]


def test_libraries_belong_to_their_addons():
    """The pure packages are drawn below the addons whose folders they are in."""
    for library, addon in LIBRARIES.items():
        assert (addon, library) in read_edges()
        assert (ROOT / "addons" / addon / library).is_dir()
