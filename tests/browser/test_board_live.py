"""Two dispatchers before the same board: what one does, the other sees."""

import time

from board_case import HOUR, LEO, MARIA, NINE, TOM, BoardPageCase
from chromium import find
from suite_server import transaction

from odoo.tests import tagged

READS = "performance.getEntriesByType('resource').filter(({name}) => name.includes('read_board')).length"
CONNECTED = "odoo.__WOWL_DEBUG__.root.env.services.bus_service.workerState === 'CONNECTED'"


@tagged("post_install", "-at_install", "standard")
class TestBoardLive(BoardPageCase):
    """Boards that change by themselves, on a real server with its websocket."""

    def setUp(self):
        super().setUp()
        self.ruler = self.create_job(LEO, NINE + 3 * HOUR)
        self.job = self.create_job(MARIA, NINE)

    def open_connected(self, login):
        """Return a user's page with the board, that hears what changes and has read all until now."""
        page = self.open_board(login)
        page.wait(CONNECTED, "the connection")
        time.sleep(2)
        return page

    def name_of(self, job):
        """Return the JavaScript of what a screen reader says of a job on the board: who has it, and when."""
        return f"{find('.vis-item.o_board_job', job[1])}?.getAttribute('aria-label')"

    def plan(self, job, who, start):
        """Give a job to somebody, as any other user does."""
        with transaction(self.database) as env:
            env["fsm.order"].browse(job[0]).write({"person_id": self.person_ids[who], "scheduled_date_start": start})

    def test_others_see_it(self):
        """What a dispatcher drags moves on the manager's board within seconds; his page is not loaded again."""
        chief, desk = self.open_connected("chief"), self.open_connected("desk")
        chief.evaluate("window.isTheSamePage = true")
        chief.evaluate(f"{find('.vis-item.o_board_job', self.ruler[1])}.focus()")
        self.drag(desk, self.grip(desk, self.job), self.point(desk, TOM, 10.5))
        begun = time.monotonic()
        chief.wait(f"{self.name_of(self.job)}?.includes('{TOM}, Assigned, 10:00')", "Tom's job")
        self.assertLess(time.monotonic() - begun, 20, "seconds, on a machine that does much else")
        self.assertTrue(chief.evaluate("window.isTheSamePage"))
        self.assertIn(self.ruler[1], chief.evaluate("document.activeElement.textContent"), "the focus stays")

    def test_list(self):
        """A job that comes in is in the list beside the board, and gone when somebody has it."""
        desk = self.open_connected("desk")
        job = self.create_job()
        desk.wait(find(".o_board_waiting_job", job[1]), "the job in the list")
        self.plan(job, TOM, NINE)
        desk.wait(f"!({find('.o_board_waiting_job', job[1])}) && {self.name_of(job)}", "the job on the board")

    def test_drag_goes_on(self):
        """Who drags a job goes on undisturbed while others plan; what they did he sees after his drop."""
        other = self.create_job(MARIA, NINE + 5 * HOUR)
        desk = self.open_connected("desk")
        reads = desk.evaluate(READS)
        stop = self.point(desk, TOM, 10)
        self.drag(desk, self.grip(desk, self.job), stop, is_let_go=False)
        self.plan(other, LEO, NINE + 5 * HOUR)
        time.sleep(3)
        self.assertEqual(desk.evaluate(READS), reads, "nothing is read during the drag")
        desk.call("Input.dispatchMouseEvent", type="mouseReleased", x=stop[0], y=stop[1], button="left", clickCount=1)
        self.wait_for(self.job, (TOM, NINE + HOUR / 2, NINE + 3 * HOUR / 2))
        desk.wait(f"{self.name_of(other)}?.includes('{LEO}')", "what the other did")

    def test_what_is_read(self):
        """Many changes are read together, those of days that are not shown not at all."""
        desk = self.open_connected("desk")
        reads = desk.evaluate(READS)
        tomorrow = self.create_job(LEO, NINE + 24 * HOUR)
        self.plan(tomorrow, TOM, NINE + 25 * HOUR)
        time.sleep(3)
        self.assertEqual(desk.evaluate(READS), reads)
        for hour in range(4):
            self.plan(self.job, TOM, NINE + hour * HOUR)
        desk.wait(f"{self.name_of(self.job)}?.includes('{TOM}, Assigned, 12:00')", "the last change")
        time.sleep(2)
        self.assertLessEqual(desk.evaluate(READS), reads + 2)
