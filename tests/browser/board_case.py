"""What tests of the dispatch board share: its firm, and a real mouse in a browser on the other side of the earth."""

import json
import time
from datetime import datetime, timedelta

from chromium import PATIENCE, Page, find
from page_case import PageCase
from suite_server import transaction

from odoo.tests import new_test_user

DAY = "2031-10-20"
NINE = datetime(2031, 10, 20, 13)
"""Naive UTC: 9:00 in New York on that day."""
HOUR = timedelta(hours=1)
MARIA, TOM, LEO = "Maria Board", "Tom Board", "Leo Board"
VISIBLE = "document.querySelector('.vis-timeline')?.checkVisibility({visibilityProperty: true})"
BOX = "((box) => [box.left, box.top, box.width, box.height])(%s.getBoundingClientRect())"


def type_in(page, selector, value, event="input"):
    """Write a value into an input of a page, as somebody who types it or chooses it does."""
    page.evaluate(
        f"((input) => {{ input.value = {json.dumps(str(value))};"
        f" for (const type of ['input', '{event}']) {{ input.dispatchEvent(new Event(type, {{bubbles: true}})); }} }})"
        f"(document.querySelector({json.dumps(selector)}))"
    )


class BoardPageCase(PageCase):
    """Three technicians of a firm in New York, whose dispatcher sits in Tokyo."""

    @classmethod
    def prepare(cls, env):
        """Create the firm and its jobs on a Monday."""
        env.company.partner_id.tz = "America/New_York"
        env["fsm.person"].search([]).active = False
        for login, group in (("desk", "dispatcher"), ("chief", "manager"), ("helper", "user_own")):
            new_test_user(env, login, groups=f"fieldservice.group_fsm_{group}", password=login, tz="Asia/Tokyo")
        lines = [(0, 0, {"name": "Work", "dayofweek": str(day), "hour_from": 8, "hour_to": 17}) for day in range(7)]
        hours = env["resource.calendar"].create({"name": "Board", "tz": "America/New_York", "attendance_ids": lines})
        cls.person_ids = {}
        for number, name in enumerate((MARIA, TOM, LEO)):
            values = {"name": name, "tz": "America/New_York", "calendar_id": hours.id}
            if name == MARIA:
                values["partner_id"] = env["res.users"].search([("login", "=", "helper")]).partner_id.id
            person = env["fsm.person"].create(values)
            person.write({"name": name, "partner_latitude": 40.7, "partner_longitude": -74 - number / 50})
            cls.person_ids[name] = person.id
        customer = env["res.partner"].create({"name": "Board Fleet", "is_company": True})
        cls.site_ids = [cls.create_site(env, customer, number).id for number in range(3)]
        env["ir.config_parameter"].set_param("fieldservice_schedule_board.tile_url", "")

    @staticmethod
    def create_site(env, customer, number):
        """Return a site; nobody has located the last one."""
        site = env["fsm.location"].create({"name": f"Lot {number}", "owner_id": customer.id, "tz": "America/New_York"})
        if number < 2:
            site.partner_id.write({"partner_latitude": 40.72 + number / 30, "partner_longitude": -74.05})
        return site

    def setUp(self):
        super().setUp()
        for page in self.pages.values():
            page.leave()  # what it has begun is over before the next test
        with transaction(self.database) as env:
            old = env["fsm.order"].search([("location_id", "in", self.site_ids)])
            old.filtered(lambda job: job.state in ("requested", "assigned", "in_progress")).action_cancel()

    def create_job(self, who=None, start=None, hours=1.0, site=0, **values):
        """Return ``(id, name)`` of a job at one of the sites."""
        with transaction(self.database) as env:
            job = env["fsm.order"].create(
                {
                    "location_id": self.site_ids[site],
                    "person_id": self.person_ids.get(who, False),
                    "scheduled_date_start": start or False,
                    "scheduled_duration": hours,
                    **values,
                }
            )
            return job.id, job.name

    def read(self, job):
        """Return ``(technician, start, end)`` of a job in the database."""
        with transaction(self.database) as env:
            record = env["fsm.order"].browse(job[0])
            return record.person_id.name, record.scheduled_date_start, record.scheduled_date_end

    def open_blank(self, login):
        """Return the page of a user in Tokyo, as it is."""
        if login not in self.pages:
            self.pages[login] = Page(self.browser, self.url, login, "Asia/Tokyo")
        return self.pages[login]

    def open_board(self, login="desk"):
        """Return the page of a user in Tokyo that shows the board of the day."""
        self.open_blank(login)
        page = self.open_page("/odoo/dispatch-board", ".o_board_date", login)
        type_in(page, ".o_board_date", DAY, "change")
        page.wait(find(".o_board_title", "October 20, 2031"), "the day")
        # vis-timeline hides itself until it has drawn everything
        page.wait(VISIBLE, "the rows")
        page.settle()
        return page

    def box(self, page, selector, text=""):
        """Return the left, top, width and height of an element on the screen, once it is there."""
        page.wait(find(selector, text), f"{selector} {text}")
        return page.evaluate(BOX % find(selector, text))

    def drag(self, page, start, stop, is_let_go=True):
        """Press the mouse at a point, move it to another in steps, and let it go there."""

        def tell(kind, x, y, **more):
            page.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, **more)

        tell("mouseMoved", *start)
        tell("mousePressed", *start, button="left", buttons=1, clickCount=1)
        for part in (step / 12 for step in range(1, 13)):
            point = [first + (last - first) * part for first, last in zip(start, stop, strict=True)]
            tell("mouseMoved", *point, button="left", buttons=1)
            time.sleep(0.02)
        if is_let_go:
            tell("mouseReleased", *stop, button="left", buttons=0, clickCount=1)

    def grip(self, page, job):
        """Return the middle of a job on the board."""
        left, top, width, height = self.box(page, ".vis-item.o_board_job", job[1])
        return left + width / 2, top + height / 2

    def point(self, page, who, hour):
        """Return the point of the board at which somebody's row shows an hour, by the job that marks 12:00 to 13:00."""
        _left, top, _width, height = self.box(page, ".vis-labelset .vis-label", who)
        left, _top, width, _height = self.box(page, ".vis-item.o_board_job", self.ruler[1])
        return left + (hour - 12) * width, top + height / 2

    def wait_for(self, job, expected):
        """Wait until a job is what it should be in the database."""
        until = time.monotonic() + PATIENCE
        while self.read(job) != expected and time.monotonic() < until:
            time.sleep(0.2)
        self.assertEqual(self.read(job), expected)
