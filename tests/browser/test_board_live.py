"""Two dispatchers before the same board: what one does, the other sees."""

from board_case import HOUR, LEO, MARIA, NINE, TOM, BoardPageCase
from chromium import HOLD, find
from page_case import NO_SAFETY
from suite_server import transaction

from odoo.tests import tagged

READS = "asked.urls.filter((url) => url.includes('read_board')).length"
SOON = 400
"""Milliseconds that a board waits for more news before it reads."""


@tagged("post_install", "-at_install", "standard")
class TestBoardLive(BoardPageCase):
    """Boards that change by themselves, on a real server with its websocket."""

    def setUp(self):
        super().setUp()
        self.ruler = self.create_job(LEO, NINE + 3 * HOUR)
        self.job = self.create_job(MARIA, NINE)

    def open_connected(self, login, script=""):
        """Return a user's page with the board, that hears what changes and has read all until now.

        :param str script: what runs in the page at its beginning
        """
        page = self.open_blank(login)
        with page.prepared(f"{NO_SAFETY};{script}"):
            self.open_board(login)
        self.hear(login)
        return page

    def name_of(self, job):
        """Return the JavaScript of what a screen reader says of a job on the board: who has it, and when."""
        return f"{find('.vis-item.o_board_job', job[1])}?.getAttribute('aria-label')"

    def plan(self, job, who, start):
        """Give a job to somebody, as any other user does."""
        with transaction(self.database) as env:
            env["fsm.order"].browse(job[0]).write({"person_id": self.person_ids[who], "scheduled_date_start": start})

    def test_others_see_it(self):
        """What a dispatcher drags moves on the manager's board by itself; his page is not loaded again."""
        chief, desk = self.open_connected("chief"), self.open_connected("desk")
        chief.evaluate("window.isTheSamePage = true")
        chief.evaluate(f"{find('.vis-item.o_board_job', self.ruler[1])}.focus()")
        self.drag(desk, self.grip(desk, self.job), self.point(desk, TOM, 10.5))
        chief.wait(f"{self.name_of(self.job)}?.includes('{TOM}, Assigned, 10:00')", "Tom's job")
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
        self.hear("desk")
        self.assertEqual(desk.evaluate(READS), reads, "nothing is read during the drag")
        desk.call("Input.dispatchMouseEvent", type="mouseReleased", x=stop[0], y=stop[1], button="left", clickCount=1)
        self.wait_for(self.job, (TOM, NINE + HOUR / 2, NINE + 3 * HOUR / 2))
        desk.wait(f"{self.name_of(other)}?.includes('{LEO}')", "what the other did")

    def test_what_is_read(self):
        """Many changes are read together, those of days that are not shown not at all."""
        desk = self.open_connected("desk", f"{HOLD % SOON}; releaseTimers()")
        reads = desk.evaluate(READS)
        tomorrow = self.create_job(LEO, NINE + 24 * HOUR)
        self.plan(tomorrow, TOM, NINE + 25 * HOUR)
        self.hear("desk")
        self.assertEqual(desk.evaluate(READS), reads)
        desk.evaluate("holdTimers()")
        for hour in range(4):
            self.plan(self.job, TOM, NINE + hour * HOUR)
        self.hear("desk")
        desk.evaluate("releaseTimers()")
        desk.wait(f"{self.name_of(self.job)}?.includes('{TOM}, Assigned, 12:00')", "the last change")
        self.hear("desk")
        self.assertEqual(desk.evaluate(READS), reads + 1)
