"""The "Testing Checklist" of the lot walking scheduler (requirement document 001), line by line."""

from datetime import datetime, timedelta
from itertools import pairwise

from lxml import html

from odoo.tests import Form, HttpCase, freeze_time, tagged
from odoo.tools.safe_eval import safe_eval

from odoo.addons.fieldservice_schedule_dispatch.tests.common import NOW, DispatchCase
from odoo.addons.fieldservice_schedule_plan.tests.common import run_cron
from odoo.addons.service_notification.tests.common import NotificationCase

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TUESDAY = datetime(2031, 10, 21, 8, 30)
PREFERENCES = {
    "p_service_mode": "scheduled",
    "p_has_lot_walks": "1",
    "p_fleet_size": "25",
    "p_frequency": "weekly",
    "p_walk_time": "08:30",
    "p_tu": "1",
    "p_th": "1",
}
"""What a customer sends who wants somebody on Tuesdays and Thursdays at half past eight."""


@tagged("post_install", "-at_install", "standard")
class TestSeed001(DispatchCase, NotificationCase):
    """A firm with Maria in the west and Tom in the east, and a fleet customer who says how he wants to be served.

    It is Monday, five in the morning; everybody works from 8 to 17. No other firm's plans run.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["fsm.recurring"].search([("state", "=", "progress")]).state = "suspend"
        cls.customer.write({"email": "fleet@example.com", "lang": "en_US"})
        cls.company.email = "office@glass.example"
        cls.user_maria.partner_id.email = "maria@glass.example"

    def setUp(self):
        super().setUp()
        # Odoo's mail tests let the real clock go on
        self.clock = self.enterContext(freeze_time(NOW))

    def wish(self, **sent):
        """Let the customer send his preferences, and the scheduled action run; return the visits, soonest first."""
        self.env["service.preference.page"]._save(self.customer, {**PREFERENCES, **sent})
        run_cron(self)
        return self.env["fsm.order"].search(
            [("location_id", "=", self.site.id), ("occurrence_date", "!=", False), ("state", "!=", "cancelled")],
            order="scheduled_date_start",
        )

    def test_preferences_generate_schedules(self):
        """Customer preferences automatically generate schedules: four weeks, each visit with a technician."""
        self.assertFalse(self.env["fsm.recurring"].search([("partner_id", "=", self.customer.id)]))
        visits = self.wish()
        self.assertEqual(len(visits), 8)
        self.assertEqual(set(visits.mapped("state")), {"assigned"})
        for visit in visits:
            self.assert_time(visit, visit.person_id, visit.scheduled_date_start, visit.scheduled_date_end)

    def test_days_and_times(self):
        """Schedules respect the customer's selected days and times, also when he changes them."""
        visits = self.wish()
        wanted = [TUESDAY + week * 7 * DAY + more for week in range(4) for more in (0 * DAY, 2 * DAY)]
        self.assertEqual(visits.mapped("scheduled_date_start"), wanted)
        later = self.wish(p_walk_time="10:00", p_th=None)
        self.assertEqual({f"{start:%a %H:%M}" for start in later.mapped("scheduled_date_start")}, {"Tue 10:00"})
        self.assertEqual(len(later), 4)

    def test_all_frequencies(self):
        """Weekly, every two weeks, monthly, quarterly: the next visit is always known, and the distance is right."""
        distances = {"weekly": [7, 7, 7], "two_weeks": [14], "monthly": [28], "quarterly": [91]}
        for frequency, between in distances.items():
            with self.subTest(frequency):
                visits = self.wish(p_frequency=frequency, p_th=None)
                days = [visit.scheduled_date_start.date() for visit in visits]
                self.assertEqual({day.weekday() for day in days}, {1})
                self.assertEqual([(after - before).days for before, after in pairwise(days)], between)

    def test_what_a_schedule_knows(self):
        """Customer, technician, date, time, frequency, status, where it comes from, and the customer's notes."""
        visit = self.wish(p_note="Gate 7")[0]
        self.assertEqual((visit.partner_id, visit.person_id, visit.location_id), (self.customer, self.maria, self.site))
        self.assertEqual((visit.scheduled_date_start, visit.scheduled_duration), (TUESDAY, 1))
        site = visit.fsm_recurring_id.preference_site_id
        self.assertEqual((site.preference_id.partner_id, site.preference_id.frequency), (self.customer, "weekly"))
        self.assertEqual((visit.internal_type, visit.state), ("lot_walk", "assigned"))
        self.assertEqual(visit.with_user(self.user_maria).customer_note, "Gate 7")

    def test_who_is_assigned(self):
        """By working hours, proximity, workload, and whom the customer prefers."""
        cases = {
            "proximity": (lambda: None, self.maria),
            "working hours": (
                lambda: self.create_leave(TUESDAY - HOUR, TUESDAY + 9 * HOUR, person=self.maria),
                self.tom,
            ),
            "preferred": (lambda: self.company.write({"dispatch_preferred": 600}), self.tom),
            "workload": (self.load_maria, self.tom),
        }
        for factor, (arrange, expected) in cases.items():
            with self.subTest(factor), self.env.cr.savepoint() as savepoint:
                arrange()
                prefers = {f"p_person_{self.tom.id}": "1"} if factor == "preferred" else {}
                visits = self.wish(p_th=None, **prefers)
                self.assertEqual((visits[0].person_id, visits[0].occurrence_date), (expected, TUESDAY.date()))
                savepoint.rollback()
                self.env.invalidate_all()

    def load_maria(self):
        """Give Maria much to do on Tuesday, later than the walk, and have it count."""
        self.create_job(TUESDAY + 2 * HOUR, self.maria, 6)
        self.company.dispatch_even = 6000

    def test_commands(self):
        """The two commands of the document are scheduled actions: schedules once a day, lists of the day in time."""
        generate = self.env.ref("fieldservice_recurring.recurring_orders_cron")
        self.assertEqual((generate.active, generate.interval_number, generate.interval_type), (True, 1, "days"))
        lists = self.env.ref("fieldservice_schedule_notification.ir_cron_lists")
        self.assertTrue(lists.active)
        self.assertIn(lists.interval_type, ("minutes", "hours"), "everybody's morning is at another time")

    def test_calendar(self):
        """Technicians see schedules in the calendar: their own, with the customer's name."""
        visits = self.wish()
        mine = visits.filtered(lambda visit: visit.person_id == self.maria)
        self.assertTrue(mine)
        jobs = self.env["fsm.order"].with_user(self.user_maria)
        arch = jobs.get_views([(False, "calendar")])["views"]["calendar"]["arch"]
        start = html.fromstring(arch).get("date_start")
        names = [node.get("name") for node in html.fromstring(arch).iter("field")]
        self.assertTrue({"location_id", "partner_id"} & set(names), names)
        self.assertEqual(html.fromstring(arch).get("event_open_popup"), "1", "a click opens it")
        week = [(start, ">=", "2031-10-20"), (start, "<", "2031-10-27")]
        specification = {
            "location_id": {"fields": {"display_name": {}}},
            "partner_id": {"fields": {"display_name": {}}},
        }
        shown = jobs.web_search_read(week, {**specification, start: {}})["records"]
        of_the_week = mine.filtered(lambda visit: visit.scheduled_date_start < datetime(2031, 10, 27))
        self.assertEqual({row["id"] for row in shown}, set(of_the_week.ids))
        self.assertEqual(len(shown), 2)
        self.assertIn("Lot 3", shown[0]["location_id"]["display_name"])
        self.assertEqual(shown[0]["partner_id"]["display_name"], "Harbour Fleet")

    def test_ad_hoc(self):
        """A technician adds a lot walk that nobody has planned: the lot, one click, and he is on it."""
        self.clock.move_to(TUESDAY)
        with Form(self.env["fsm.walk.new"].with_user(self.user_maria)) as form:
            form.location_id = self.site
        form.record.action_create()
        [walk] = self.env["fsm.order"].search([("location_id", "=", self.site.id), ("state", "=", "in_progress")])
        self.assertEqual((walk.internal_type, walk.person_id, walk.date_start), ("lot_walk", self.maria, TUESDAY))

    def test_notifications(self):
        """Technicians receive notifications before lot walks, the day before and in the morning; customers, too."""
        first = self.wish()[0]
        self.assertEqual(first.person_id, self.maria)
        lists = self.env.ref("fieldservice_schedule_notification.ir_cron_lists")
        told = {}
        self.send()  # that they have a new job tomorrow, and so a time, they hear at once
        self.emails.clear()
        for hours in range(5, 33):  # from Monday at five to Tuesday at eight
            self.clock.move_to(NOW + (hours - 5) * HOUR)
            with self.enter_registry_test_mode():
                lists.method_direct_trigger()
            for mail in self.send():
                told.setdefault(mail["To"].split("<")[-1].rstrip(">"), []).append((hours, mail["Subject"]))
            self.emails.clear()
        self.assertEqual(
            [(hour, subject.replace("\u202f", " ")) for hour, subject in told["maria@glass.example"]],
            [
                (14, "You have a lot walk scheduled for Harbour Fleet tomorrow at 8:30 AM"),
                (24 + 7, "You have a lot walk scheduled for Harbour Fleet today at 8:30 AM"),
            ],
        )
        [(hour, subject)] = told["fleet@example.com"]
        self.assertLess(hour, 24, "the customer knows the day before")
        self.assertEqual(subject, "Tomorrow: lot walk at Lot 3, between 8:30 AM and 9:30 AM")

    def test_customers_notifications(self):
        """ "Technician [Name] is starting your lot walk"; "Lot walk complete - [X] repairs found", with their link."""
        visit = self.wish()[0]
        van = self.create_van("1")
        self.send()
        self.emails.clear()
        self.clock.move_to(TUESDAY)
        walk = visit.with_user(self.user_maria)
        walk.action_start()
        [mail] = self.send()
        self.assertEqual(
            (mail["Subject"], "fleet@example.com" in mail["To"]), ("Maria is starting your lot walk", True)
        )
        self.emails.clear()
        walk._add_finding(van, {"damage": self.env.ref("fieldservice_schedule_walk.damage_chip").id})
        walk._finish_walk()
        [mail] = [mail for mail in self.send() if "fleet@example.com" in mail["To"]]
        self.assertEqual(mail["Subject"], "Lot walk complete - 1 repair found")
        self.assertIn(f"/my/walks/{visit.id}?access_token=", mail.get_body(("html",)).get_content())

    def create_van(self, number):
        """Return a unit of the customer's on his lot."""
        values = {"name": "Van", "serial_number": number, "owned_by_id": self.customer.id}
        return self.env["fsm.equipment"].create({**values, "location_id": self.site.id})

    def test_filters(self):
        """Advanced filtering: dates, several states together, customer, technician, unit number, range of cost."""
        arch = self.env["fsm.order"].with_user(self.dispatcher).get_view(view_type="search")["arch"]
        nodes = html.fromstring(arch).xpath("//field | //filter")
        fields = {node.get("string") or node.get("name"): node for node in nodes if node.tag == "field"}
        filters = {node.get("name"): node for node in nodes if node.tag == "filter"}
        van = self.create_van("1")
        mine = self.create_job(TUESDAY, self.maria, equipment_ids=van.ids, cost=50)
        done = self.create_job(TUESDAY - DAY, self.tom, cost=120)
        done.action_complete()
        other = self.create_job(TUESDAY + 4 * HOUR, self.tom, cost=400)
        all_three = mine | done | other

        def find(*domain):
            return self.env["fsm.order"].search([("id", "in", all_three.ids), *domain])

        def asked(label, value):
            text = fields[label].get("filter_domain")
            if not text:
                return [(fields[label].get("name"), "ilike", value)]
            return safe_eval(text, {"self": str(value), "raw_value": value})

        self.assertEqual(filters["scheduled_date_start"].get("date"), "scheduled_date_start")
        states = [safe_eval(filters[f"state_{state}"].get("domain"))[0] for state in ("assigned", "completed")]
        self.assertEqual(find("|", *states), all_three)
        self.assertEqual(find(states[1]), done)
        self.assertEqual(find(*asked("partner_id", "Harbour")), all_three)
        self.assertEqual(find(*asked("Technician", "Tom")), done | other)
        self.assertEqual(find(*asked("Unit", van.serial_number)), mine)
        self.assertEqual(find(*asked("Cost, at least", 100), *asked("Cost, at most", 200)), done)

    def test_completion(self):
        """Lot walk completion updates the schedule's status, and the time that is left is free again."""
        first, *others = self.wish()
        self.clock.move_to(TUESDAY)
        mine = first.with_user(self.user_maria)
        mine.action_start()
        self.assertEqual((first.state, first.date_start), ("in_progress", TUESDAY))
        self.clock.move_to(TUESDAY + HOUR / 2)
        mine.action_complete()
        self.assertEqual((first.state, first.date_end), ("completed", TUESDAY + HOUR / 2))
        self.assertFalse(first.reservation_id)
        self.assertEqual({visit.state for visit in others}, {"assigned"})
        run_cron(self)
        self.assertEqual(first.state, "completed", "its plan leaves it alone")

    def test_findings_are_tagged(self):
        """Repairs created during a lot walk are properly tagged, grouped, and sold in one order when it is complete."""
        visit = self.wish()[0]
        units = [self.create_van(number) for number in ("1", "2", "3")]
        self.clock.move_to(TUESDAY)
        walk = visit.with_user(self.user_maria)
        chip = self.env.ref("fieldservice_schedule_walk.damage_chip")
        found = [walk._add_finding(unit, {"damage": chip.id}).sudo() for unit in units[:2]]
        walk._see_unit(units[2])
        walk._finish_walk()
        self.assertEqual([job.visit_id for job in found], [visit, visit])
        self.assertEqual([job.equipment_id for job in found], [units[0], units[1]])
        self.assertEqual(visit.state, "completed")
        lines = visit.sudo().walk_order_id.order_line.filtered(lambda line: not line.display_type)
        self.assertEqual((len(lines), lines.product_id), (2, chip.product_id))
        self.assertEqual(lines.order_id.partner_id, self.customer)

    def test_route_of_several_customers(self):
        """Route optimization works for multiple customers: everybody serves those near him, with less driving."""
        longitudes = (-81.48, -81.12, -81.44, -81.16, -81.46, -81.14)
        fleets = self.env["res.partner"].create([{"name": f"Fleet {number}"} for number in range(len(longitudes))])
        sites = [
            self.env["fsm.location"].create({"name": f"{fleet.name}'s lot", "owner_id": fleet.id, "tz": "UTC"})
            for fleet in fleets
        ]
        jobs = self.env["fsm.order"]
        for site, longitude in zip(sites, longitudes, strict=True):
            self.locate(site, 28.5, longitude)
            jobs |= self.create_open_job(location_id=site.id, scheduled_date_start=TUESDAY)
        self.assertEqual(self.env["fsm.dispatch"]._insert(jobs), {})
        for job, longitude in zip(jobs, longitudes, strict=True):
            self.assertEqual(job.person_id, self.maria if longitude < -81.3 else self.tom, job.location_id.name)
        for person, home in ((self.maria, -81.5), (self.tom, -81.1)):
            route = jobs.filtered(lambda job, person=person: job.person_id == person).sorted("scheduled_date_start")
            stops = [home, *route.location_id.mapped("partner_longitude"), home]
            driven = sum(abs(one - other) for one, other in pairwise(stops))
            farthest = max(abs(stop - home) for stop in stops)
            self.assertAlmostEqual(driven, 2 * farthest, msg="out and home again, nobody drives back and forth")


@tagged("post_install", "-at_install", "standard")
class TestSeed001Portal(HttpCase):
    """What the document says is complete: the settings page with its three tabs."""

    def test_tabs_have_their_forms(self):
        """The tab of personal info has name and e-mail, that of security the password, each to be changed."""
        self.authenticate("fleet", "fleet")
        for url, names in {"/my/account": ("name", "email"), "/my/security": ("old", "new1", "new2")}.items():
            page = html.fromstring(self.url_open(url).text)
            for name in names:
                self.assertTrue(page.xpath(f"//form//input[@name='{name}']"), (url, name))

    def test_account_settings(self):
        """Personal info, service preferences and security are tabs of one page; the choices are the document's."""
        self.authenticate("fleet", "fleet")
        page = html.fromstring(self.url_open("/my/preferences").text)
        self.assertEqual(len(page.xpath("//nav[@aria-label='Your account']//a")), 3)
        frequencies = page.xpath("//select[@name='p_frequency']/option/@value")
        self.assertEqual(frequencies, ["weekly", "two_weeks", "monthly", "quarterly"])
        self.assertEqual(page.xpath("//*[@name='p_service_mode']/@value"), ["scheduled", "on_call", "both"])
        self.assertEqual(len(page.xpath("//form//input[@name='p_walk_time']")), 1)
        for day in ("mo", "tu", "we", "th", "fr", "sa", "su"):
            self.assertEqual(len(page.xpath(f"//form//input[@name='p_{day}']")), 1, day)
