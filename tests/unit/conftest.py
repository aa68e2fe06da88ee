"""Put ``schedlib`` on the path without Odoo and without its addon."""

import sys
from pathlib import Path

# last, so that the addon's other modules never shadow anything
sys.path.append(str(Path(__file__).parents[2] / "addons" / "service_schedule"))
