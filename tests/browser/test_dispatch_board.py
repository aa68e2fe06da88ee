"""The dispatch board as a dispatcher uses it: a real mouse, in a browser on the other side of the earth."""

import time

from board_case import HOUR, LEO, MARIA, NINE, TOM, VISIBLE, BoardPageCase, type_in
from chromium import HOLD, PATIENCE, find
from suite_server import transaction

from odoo.tests import tagged

LATE = 200
"""vis-timeline tells so many milliseconds after the last move that its days have changed."""


@tagged("post_install", "-at_install", "standard")
class TestDispatchBoard(BoardPageCase):
    """Dragging, refusals, kanban and filters."""

    def setUp(self):
        super().setUp()
        self.ruler = self.create_job(LEO, NINE + 3 * HOUR)

    def test_drag(self):
        """A job is dragged to another person and time, by the firm's clock; its edge makes it longer."""
        job = self.create_job(MARIA, NINE)
        page = self.open_board()
        self.drag(page, self.grip(page, job), self.point(page, TOM, 10.5))
        self.wait_for(job, (TOM, NINE + HOUR, NINE + 2 * HOUR))
        page.settle()
        left, top, width, height = self.box(page, ".vis-item.o_board_job", job[1])
        self.drag(page, (left + width - 2, top + height / 2), (left + 2 * width - 2, top + height / 2))
        self.wait_for(job, (TOM, NINE + HOUR, NINE + 3 * HOUR))

    def test_other_day_at_once(self):
        """Who goes on to another day before the board is drawn for the first time sees that day's jobs."""
        job = self.create_job(TOM, NINE + 24 * HOUR)
        page = self.open_board()
        with page.prepared(HOLD % LATE):
            page.go("/odoo/dispatch-board", ".o_board_next")
        page.wait("document.querySelector('.vis-timeline')", "the board that hides itself")
        page.click(".o_board_next")
        page.wait(find(".o_board_title", "October 21, 2031"), "the next day")
        page.settle()
        self.assertFalse(page.evaluate(VISIBLE), "it is not drawn yet")
        page.evaluate("releaseTimers()")
        page.wait(VISIBLE, "the board")
        page.wait(find(".vis-item.o_board_job", job[1]), "the job of that day")

    def test_refused(self):
        """A drop on time that is taken goes back with the sentence and the free times; one click takes one of them."""
        job, taken = self.create_job(MARIA, NINE), self.create_job(TOM, NINE + 5 * HOUR)
        page = self.open_board()
        before = self.grip(page, job)
        self.drag(page, before, self.grip(page, taken))
        page.wait(find(".o_board_refusal_message", f"{TOM} already has {taken[1]}"), "why not")
        self.assertTrue(page.evaluate(f"!({find('.o_board_overbook')})"), "a dispatcher does not overbook")
        page.settle()
        self.assertEqual(self.grip(page, job), before)
        self.assertEqual(self.read(job)[:2], (MARIA, NINE))
        page.click(".o_board_free")
        page.wait(f"!({find('.modal')})", "the board")
        until = time.monotonic() + PATIENCE
        while self.read(job)[0] != TOM and time.monotonic() < until:
            time.sleep(0.2)
        self.assertEqual(self.read(job)[0], TOM)

    def test_manager_overbooks(self):
        """A manager is offered to overbook: the wizard knows who and when, and the board says it then."""
        job, taken = self.create_job(MARIA, NINE), self.create_job(TOM, NINE + 5 * HOUR)
        page = self.open_board("chief")
        self.drag(page, self.grip(page, job), self.grip(page, taken))
        page.click(".o_board_overbook")
        page.wait(find(".modal button[name=action_overbook]"), "the wizard")
        self.assertEqual(page.evaluate("document.querySelector('.modal [name=person_id] input').value"), TOM)
        type_in(page, ".modal [name=reason] input", "they insist", "change")
        page.click(".modal button[name=action_overbook]")
        self.wait_for(job, (TOM, NINE + 5 * HOUR, NINE + 6 * HOUR))
        page.wait(find(".vis-item.o_board_conflict", taken[1]), "the conflict at the job beside it")

    def test_unassigned(self):
        """A job that nobody has is dragged from the list to a row and a time."""
        job = self.create_job(hours=2.0, priority="3")
        page = self.open_board()
        left, top, width, height = self.box(page, ".o_board_waiting_job", job[1])
        self.drag(page, (left + width / 2, top + height / 2), self.point(page, TOM, 9))
        self.wait_for(job, (TOM, NINE, NINE + 2 * HOUR))

    def test_what_stays(self):
        """What is under way cannot be dragged; a technician sees no colleague's row."""
        job = self.create_job(MARIA, NINE)
        with transaction(self.database) as env:
            env["fsm.order"].browse(job[0]).action_start()
        page = self.open_board()
        self.drag(page, self.grip(page, job), self.point(page, TOM, 10.5))
        page.settle()  # whatever it has asked is answered
        self.assertEqual(self.read(job)[:2], (MARIA, NINE))
        page = self.open_board("helper")
        page.wait(find(".vis-labelset .vis-label", MARIA), "her row")
        self.assertTrue(page.evaluate(f"!({find('.vis-labelset .vis-label', TOM)})"))

    def test_keys(self):
        """A job is reached and opened with the keyboard."""
        job = self.create_job(MARIA, NINE)
        page = self.open_board()
        page.wait(find(".vis-item.o_board_job[tabindex='0']", job[1]), "a job that takes the focus")
        page.evaluate(f"{find('.vis-item.o_board_job', job[1])}.focus()")
        page.call("Input.dispatchKeyEvent", type="keyDown", key="Enter", code="Enter", windowsVirtualKeyCode=13)
        page.wait(find(".o_board_popover", job[1]), "its details")

    def test_kanban(self):
        """A card is dragged a step on; a step that is not allowed goes back with the sentence."""
        job = self.create_job(MARIA, NINE)
        page = self.open_page("/odoo/jobs-by-state", ".o_kanban_record:not(.o_kanban_ghost)", "desk")
        self.drop_card(page, job, "In Progress")
        self.wait_for_state(job, "in_progress")
        self.drop_card(page, job, "New")
        page.wait(find(".modal", "cannot go from In Progress to Requested"), "why not")
        page.click(".modal footer button")
        page.wait(f"!({find('.modal')})", "the board")
        self.wait_for_state(job, "in_progress")
        self.assertEqual(self.column_of(page, job), "In Progress")

    def drop_card(self, page, job, column):
        """Drag a card sideways into a column; it may lie below many others."""
        page.settle()
        page.evaluate(f"{find('.o_kanban_record', job[1])}.scrollIntoView({{block: 'center'}})")
        left, top, width, _height = self.box(page, ".o_kanban_record", job[1])
        title = self.box(page, ".o_kanban_header .o_column_title", column)
        self.drag(page, (left + width / 2, top + 12), (title[0] + width / 2, top + 30))
        page.settle()

    def column_of(self, page, job):
        """Return the title of the column in which a card is."""
        card = find(".o_kanban_record", job[1])
        return page.evaluate(
            f"{card}.closest('.o_kanban_group').querySelector('.o_column_title').firstChild.textContent"
        )

    def wait_for_state(self, job, state):
        """Wait until a job is in a state."""
        until = time.monotonic() + PATIENCE
        found = None
        while found != state and time.monotonic() < until:
            with transaction(self.database) as env:
                found = env["fsm.order"].browse(job[0]).state
            time.sleep(0.2)
        self.assertEqual(found, state)

    def test_range(self):
        """Costs from and to become a filter, of which the search bar tells."""
        cheap, dear = self.create_job(MARIA, NINE, cost=50), self.create_job(TOM, NINE, cost=200)
        page = self.open_board()
        page.wait(find(".vis-item.o_board_job", cheap[1]), "both jobs")
        page.click(".o_searchview_dropdown_toggler")
        page.click(".o_job_range")
        page.wait(find(".o_job_range_form"), "the form")
        page.settle()  # the menu still moves, and a click beside the button is none
        for name, value in (("from_cost", 100), ("to_cost", 250)):
            type_in(page, f".o_job_range_form input[name={name}]", value)
        page.settle()
        page.click(".o_job_range_apply")
        page.wait(find(".o_searchview_facet", "Cost 100"), "the filter")
        page.wait(f"!({find('.vis-item.o_board_job', cheap[1])})", "that the cheap job is gone")
        self.assertTrue(page.evaluate(f"!!({find('.vis-item.o_board_job', dear[1])})"))
