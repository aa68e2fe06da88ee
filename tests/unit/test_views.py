"""What every view of ours must keep to, and Odoo does not check."""

import re
from pathlib import Path

ADDONS = Path(__file__).parents[2] / "addons"


def test_no_view_compares_with_its_own_now():
    """In a view "now" is the browser's local time and fields are in UTC: comparing them is wrong by the zone."""
    modifier = re.compile(r"(?:invisible|readonly|required|decoration-\w+)=\"[^\"]*\bnow\b[^\"]*\"")
    found = [
        f"{path.relative_to(ADDONS)}: {match[0]}"
        for path in sorted(ADDONS.glob("*/[vw]*/*.xml"))
        for match in modifier.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []
