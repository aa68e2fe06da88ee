"""Put ``schedlib`` on the path without Odoo and without its addon, and say how hard Hypothesis tries.

``HYPOTHESIS_PROFILE=explore`` looks for new counterexamples; without it every run tries the same ones.
"""

import os
import sys
from pathlib import Path

from hypothesis import HealthCheck, settings

# last, so that the addon's other modules never shadow anything
sys.path.append(str(Path(__file__).parents[2] / "addons" / "service_schedule"))
sys.path.append(str(Path(__file__).parent))

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile("same", deadline=None, derandomize=True, database=None, suppress_health_check=SLOW)
settings.register_profile(
    "explore", deadline=None, database=None, max_examples=2000, print_blob=True, suppress_health_check=SLOW
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))
