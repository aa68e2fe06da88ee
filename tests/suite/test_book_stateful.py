"""Random histories of holds and reservations, step by step against a plain model of the book.

Every run drives the same histories; ``HYPOTHESIS_PROFILE=explore`` looks for new ones, more and longer.
"""

import os
from datetime import timedelta
from unittest.mock import patch

from book_around import AroundSteps
from book_bench import OFFERS, PLACES
from book_checks import Checks
from book_ends import EndSteps
from book_taking import TakingSteps
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from odoo.tests import TransactionCase, tagged

EXPLORING = os.environ.get("HYPOTHESIS_PROFILE") == "explore"
SETTINGS = settings(
    max_examples=2000 if EXPLORING else 100,
    stateful_step_count=60 if EXPLORING else 35,
    derandomize=not EXPLORING,
    database=None,
    deadline=None,
    phases=[Phase.generate, Phase.shrink],
    print_blob=EXPLORING,
    suppress_health_check=list(HealthCheck),
)


class BookMachine(TakingSteps, EndSteps, AroundSteps, Checks):
    """Does the same to the addon and to the model, and compares them after each step."""


@tagged("post_install", "-at_install", "standard")
class TestBookStateful(TransactionCase):
    """A shop in New York with Maria, Tom and a pool of three."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env["base"].with_context(tracking_disable=True).env
        cls.point = cls.env["service.point"].create(
            {"name": "Stateful", "tz": "America/New_York", "hold_limit": 3, "guest_hold_limit": 2}
        )
        cls.zone = cls.point._get_zone()
        cls.window_ids = {window.code: window.id for window in cls.point.window_ids}
        cls.resource_ids = {name: cls._make_resource(name, count).id for name, count in PLACES.items()}
        cls.names = {number: name for name, number in cls.resource_ids.items()}
        cls.offer_ids = {offer.name: cls._make_offer(offer).id for offer in OFFERS}

    @classmethod
    def _make_resource(cls, name, count):
        kind = "user" if count == 1 else "material"
        values = {"name": name, "resource_type": kind, "calendar_id": False, "tz": cls.point.tz, "lane_count": count}
        return cls.env["resource.resource"].create(values)

    @classmethod
    def _make_offer(cls, offer):
        return cls.env["service.offer"].create(
            {
                "name": offer.name,
                "point_id": cls.point.id,
                "resource_ids": [(6, 0, [cls.resource_ids[name] for name in offer.resources])],
                "duration_minutes": offer.duration,
                "step_minutes": offer.step,
                "buffer_before_minutes": offer.before,
                "buffer_after_minutes": offer.after,
                "lead_minutes": offer.lead,
                "cutoff_minutes": offer.cutoff,
                "hold_minutes": offer.hold,
                "allow_windows": offer.windows,
                "horizon_days": 0,
            }
        )

    def test_random_histories(self):
        """Whatever happens in whatever order, the addon and a plain model of the book agree after each step."""
        BookMachine.case = self
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_kwargs: timedelta.max):
            run_state_machine_as_test(BookMachine, settings=SETTINGS)
