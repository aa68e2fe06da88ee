"""The calendar of jobs, as technicians and dispatchers see it."""

from datetime import UTC, datetime, timedelta

from chromium import find
from hand import Hand
from page_case import PageCase
from suite_server import transaction

from odoo.tests import tagged

DEMO = "service_schedule_demo"
HOUR = timedelta(hours=1)
EVENT = ".o_calendar_renderer .o_event"


@tagged("post_install", "-at_install", "standard")
class TestJobCalendar(PageCase):
    """Who is visited can be read in each of the calendar's scales; jobs are moved in it, if they may be.

    The browser is where it is about noon now, whatever the hour: today has hours before and after.
    """

    @classmethod
    def prepare(cls, env):
        """Give the demo's technician two jobs today, and nothing else; leave all others without a time."""
        now = datetime.now(UTC)
        cls.zone = f"Etc/GMT{now.hour - 12:+d}"
        noon = now.replace(minute=0, second=0, microsecond=0, tzinfo=None)
        person, site = env.ref(f"{DEMO}.person_glazier"), env.ref(f"{DEMO}.location_fleet")
        open_jobs = env["fsm.order"].search([("state", "in", ("requested", "assigned", "in_progress"))])
        open_jobs.write({"person_id": False, "scheduled_date_start": False})
        values = {"location_id": site.id, "person_id": person.id, "scheduled_duration": 1.0}
        cls.job, cls.taken = env["fsm.order"].create(
            [{**values, "scheduled_date_start": noon + count * HOUR} for count in (1, 3)]
        )
        cls.start = cls.job.scheduled_date_start
        cls.job, cls.taken = ((job.id, job.name) for job in (cls.job, cls.taken))

    def open_calendar(self, path, login, scale):
        """Return the page of a person who looks at a calendar."""
        if login not in self.pages:
            self.pages[login] = Hand(self.browser, self.url, login, self.zone)
        page = self.pages[login]
        page.go(path, EVENT)
        self.choose_scale(page, scale)
        return page

    def choose_scale(self, page, scale):
        """Look at a day, a week or a month."""
        page.press(".o_calendar_container .scale_button_selection")
        page.press(f".o_scale_button_{scale}")
        page.wait(find(EVENT, "Harbour Parcel, "), scale)
        page.rest()

    def test_customers_names(self):
        """Requirement document 001: scheduled walks with customer names, by day, week and month; a click tells more."""
        page = self.open_calendar("/odoo/my-jobs", "glazier", "month")
        for scale in ("week", "day"):
            self.choose_scale(page, scale)
        page.press(EVENT, "Harbour Parcel, ")
        page.wait(find(".o_cw_popover", "Harbour Parcel"), "what is done there")

    def test_refused(self):
        """A job that is dropped on time that is taken goes back to where it was, and it is said why."""
        page = self.open_calendar("/odoo/jobs", "dispatcher", "day")
        before = page.point(EVENT, self.job[1])
        page.drag(before, page.point(EVENT, self.taken[1]))
        page.wait(find(".modal", f"already has {self.taken[1]}"), "why not")
        page.press(".modal footer button")
        page.wait(f"!({find('.modal')})", "the calendar")
        self.assertEqual(page.point(EVENT, self.job[1]), before)
        with transaction(self.database) as env:
            self.assertEqual(env["fsm.order"].browse(self.job[0]).scheduled_date_start, self.start)
