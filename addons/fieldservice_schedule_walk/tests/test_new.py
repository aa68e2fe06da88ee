from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import freeze_time

from .common import NINE, WalkCase


class TestNew(WalkCase):
    """Seed 001: add ad-hoc lot walks."""

    def new(self, user, **values):
        """Fill in the form of a new walk and press its button; return the walk."""
        wizard = self.env["fsm.walk.new"].with_user(user).create({"location_id": self.site.id, **values})
        self.assertEqual(wizard.unit_count, 4)
        return self.env["fsm.order"].browse(wizard.action_create()["res_id"])

    def test_dispatcher(self):
        """A dispatcher plans a walk for anybody; it takes his time."""
        walk = self.new(self.dispatcher, person_id=self.tom.id, start=NINE)
        self.assertEqual((walk.internal_type, walk.state, walk.person_id), ("lot_walk", "assigned", self.tom))
        self.assertEqual(walk.scheduled_date_start, NINE)
        self.assertTrue(walk.reservation_id)

    @freeze_time("2031-10-21 10:20:30")
    def test_technician(self):
        """A technician begins one himself, here and now; pressed twice, it is the same."""
        walk = self.new(self.user_tom)
        self.assertEqual((walk.state, walk.person_id, walk.walk_unit_count), ("in_progress", self.tom, 4))
        self.assertEqual(walk.scheduled_date_start, fields.Datetime.to_datetime("2031-10-21 10:20:00"))
        self.assertTrue(walk.reservation_id)
        walk.with_user(self.user_tom)._see_unit(self.vans[0])
        self.assertEqual(self.new(self.user_tom), walk)

    @freeze_time("2031-10-20 09:30:00")
    def test_technician_whose_time_is_taken(self):
        """Somebody who stands on the lot begins although his next job is near, or he is on leave: without a time."""
        walk = self.new(self.user_maria)
        self.assertEqual(walk.state, "in_progress")
        self.assertNotEqual(walk, self.walk)
        self.assertFalse(walk.scheduled_date_start)
        self.create_leave(NINE, NINE.replace(hour=12), person=self.tom)
        self.assertFalse(self.new(self.user_tom).scheduled_date_start)

    def test_for_nobody_else(self):
        """Who is no technician begins none, and technicians create no other jobs."""
        outsider = self._create_user("desk@field", "fieldservice.group_fsm_user_own")
        with self.assertRaisesRegex(AccessError, "Only technicians begin walks"):
            self.new(outsider)
        with self.assertRaises(AccessError):
            self.env["fsm.order"].with_user(self.user_tom).create(self.job_values())
        clerk = self._create_user("clerk@field", "base.group_user")
        with self.assertRaises(AccessError):
            self.env["fsm.order"].with_user(clerk)._start_walk_here(self.site.with_user(clerk))
