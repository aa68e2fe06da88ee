"""What the engine of dispatch is worth: Solomon's instances, made-up city days, one question, one re-plan.

Needs neither Odoo nor a database: ``cd tests/bench && python -m dispatch`` does, as does ``make bench``.
"""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[3] / "addons" / "fieldservice_schedule"))
