from datetime import date, timedelta

from odoo.tests import Form, freeze_time, tagged

from odoo.addons.service_schedule.tests.common import NEXT_DAY, NOW

from .common import DAY, ReportCase, november, october

AFTER = NOW + timedelta(days=30)


@tagged("post_install", "-at_install")
class TestServiceScheduleReport(ReportCase):
    """Each number of the report, computed by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.maria, cls.tom = cls.create_person(), cls.create_person("Tom")
        cls.visit = cls.create_visit(cls.maria, cls.tom, buffer_before_minutes=15, buffer_after_minutes=30)

    def visit_at(self, choice, resource=None, **kwargs):
        """Return an hour's visit of Maria, or of ``resource``."""
        return self.book_visit(self.visit, choice, resources=resource or self.maria, **kwargs)

    def test_utilisation_by_resource_and_week(self):
        """Reserved over available hours, for each person and week; totals divide sums and do not average ratios."""
        self.maria.calendar_id = self.create_calendar("Mornings", [(day, 8, 12) for day in range(5)])
        self.visit_at("2026-10-20T08:15:00-04:00")
        self.visit_at("2026-10-21T10:00:00-04:00")
        self.visit_at("2026-10-27T10:00:00-04:00")
        self.visit_at("2026-10-21T10:00:00-04:00", self.tom)
        self.refresh()
        domain = [("offer_id", "in", (False, self.visit.id)), ("resource_id", "in", (self.maria + self.tom).ids)]
        domain += [("date", ">=", october(19)), ("date", "<=", november(1))]
        weeks = self.read_group(
            ["resource_id", "date:week"], "reserved_hours", "available_hours", "utilisation", domain=domain
        )
        by_name = {(who.name, week): measures for (who, week), measures in weeks.items()}
        # the weeks of this language begin on Sunday: 18 and 25 October, and 1 November itself is closed
        first, second, third = october(18), october(25), november(1)
        self.assertEqual(by_name["Maria", first], (2, 20, 2 / 20))
        self.assertEqual(by_name["Maria", second], (1, 20, 1 / 20))
        self.assertEqual(by_name["Tom", first], (1, 72, 1 / 72))
        self.assertEqual(by_name["Tom", second], (0, 72, 0))
        self.assertEqual(by_name["Tom", third][1], 0)
        totals = self.read_group(["resource_id"], "utilisation", domain=domain)
        self.assertEqual(totals, {(self.maria,): (3 / 40,), (self.tom,): (1 / 144,)})
        self.assertEqual(self.read_group([], "utilisation", domain=domain), {(): (4 / 184,)})

    def test_pivot_totals_of_ratios(self):
        """What the pivot asks for in one query has the right ratio in every row, column and total."""
        self.visit_at("2026-10-20T10:00:00-04:00")
        self.refresh()
        domain = [("resource_id", "in", (self.maria + self.tom).ids), ("date", "=", NEXT_DAY)]
        answer = self.report.with_user(self.manager).formatted_read_grouping_sets(
            domain, [[], ["resource_id"]], ["utilisation:avg", "reserved_hours:sum", "available_hours:sum"]
        )
        (total,), groups = answer
        self.assertEqual(total["utilisation:avg"], 1 / 24)
        self.assertEqual([group["utilisation:avg"] for group in groups], [1 / 12, 0])

    def test_ratio_is_empty_without_a_whole(self):
        """Offers have no available hours: their utilisation is empty, not zero, and the total is right all the same."""
        self.visit_at("2026-10-20T10:00:00-04:00")
        self.refresh()
        domain = [("resource_id", "=", self.maria.id), ("date", "=", NEXT_DAY)]
        groups = self.read_group(["offer_id"], "reserved_hours", "utilisation", domain=domain)
        self.assertEqual(groups, {(self.visit,): (1, False), (self.env["service.offer"],): (0, 0)})
        self.assertEqual(self.read_group([], "utilisation", domain=domain), {(): (1 / 12,)})

    def test_places_and_buffers(self):
        """Hours count for each place taken; buffers count only among the blocked hours, and windows have none."""
        self.visit_at("2026-10-20T10:00:00-04:00")
        self.book(self.window_on(self.morning, NEXT_DAY), lanes=3)
        measures = ("reservation_count", "reserved_hours", "blocked_hours")
        self.assertEqual(
            self.read_group(["resource_id"], *measures), {(self.maria,): (1, 1, 1.75), (self.counter,): (1, 12, 12)}
        )

    def test_states_that_use_time(self):
        """Held, confirmed and done time is used; what was cancelled, released, missed or expired is counted only."""
        reservations = self.env["service.reservation"]
        rows = {
            state: self.visit_at(f"2026-10-2{number}T10:00:00-04:00")
            for number, state in enumerate(("confirmed", "done", "cancelled", "no_show"))
        }
        rows["done"]._complete()
        rows["cancelled"]._cancel(by_staff=True, now=NOW)
        rows["no_show"]._no_show(now=AFTER)
        holds = [
            reservations._hold(
                self.visit, f"time:2026-10-2{number}T14:00:00-04:00", holder=f"partner:{number}", now=NOW
            )
            for number in range(3)
        ]
        holds[1]._release()
        with freeze_time(NOW + DAY):
            holds[2]._try_expire()
        self.refresh()
        groups = self.read_group(["state"], "reservation_count", "reserved_hours", "no_show_hours")
        groups.pop((False,))
        self.assertEqual(
            {state: measures for (state,), measures in groups.items()},
            {
                "held": (1, 1, 0),
                "confirmed": (1, 1, 0),
                "done": (1, 1, 0),
                "cancelled": (1, 0, 0),
                "released": (1, 0, 0),
                "expired": (1, 0, 0),
                "no_show": (1, 0, 1),
            },
        )

    def test_no_show_rate(self):
        """One of three whose time has come stayed away: a third; those to come and cancelled ones do not count."""
        served = [self.visit_at(f"2026-10-2{number}T10:00:00-04:00") for number in range(5)]
        for reservation in served[:2]:
            reservation._complete()
        served[2]._no_show(now=AFTER)
        served[3]._cancel(by_staff=True, now=NOW)
        self.refresh()
        rates = self.read_group(["offer_id"], "no_show_count", "ended_count", "no_show_rate")
        self.assertEqual(rates[self.visit,], (1, 3, 1 / 3))
        self.assertEqual(self.read_group([], "no_show_rate"), {(): (1 / 3,)})

    def test_rescheduled(self):
        """Each time that a reservation was moved counts."""
        reservation = self.visit_at("2026-10-20T10:00:00-04:00")
        for choice in ("2026-10-20T12:00:00-04:00", "2026-10-21T12:00:00-04:00"):
            reservation._reschedule(f"time:{choice}", by_staff=True, now=NOW)
        self.assertEqual(
            self.read_group(["date:day"], "reservation_count", "reschedule_count"), {(october(21),): (1, 2)}
        )

    def test_wall_clock(self):
        """Day, weekday and hour are the shop's, also late in the evening and on both sides of a change of clocks."""
        self.visit_at("2026-10-31T18:30:00-04:00")
        self.visit_at("2026-11-02T18:30:00-05:00")  # 23:30 in UTC
        late = self.create_calendar("Late", [(0, 8, 24)])
        self.point.calendar_id = late
        self.visit_at("2026-11-09T22:15:00-05:00")  # the next day in UTC
        groups = self.read_group(["date:day", "weekday", "hour"], "reservation_count")
        self.assertEqual(
            groups, {(october(31), "5", "18"): (1,), (november(2), "0", "18"): (1,), (november(9), "0", "22"): (1,)}
        )

    def test_hour_shown_twice(self):
        """Half past one comes twice on 1 November: both are in hour 1, and the hours between them are real ones."""
        self.point.calendar_id = self.create_calendar("Sundays", [(6, 0, 24)])
        self.visit.write({"buffer_before_minutes": 0, "buffer_after_minutes": 0, "duration_minutes": 30})
        self.visit_at("2026-11-01T01:30:00-04:00")
        self.visit_at("2026-11-01T01:30:00-05:00")
        self.refresh()
        groups = self.read_group(["hour"], "reservation_count", "reserved_hours")
        self.assertEqual(groups["01",], (2, 1))
        day = [("resource_id", "=", self.maria.id), ("date", "=", november(1))]
        self.assertEqual(self.read_group([], "available_hours", "utilisation", domain=day), {(): (25, 1 / 25)})

    def test_session_kind(self):
        """The kind of session is the offer's."""
        kind = self.env["service.session.kind"].create({"name": "Telepathy", "code": "telepathy"})
        self.visit.kind_id = kind
        self.visit_at("2026-10-20T10:00:00-04:00")
        self.assertEqual(self.read_group(["kind_id"], "reservation_count"), {(kind,): (1,)})

    # ------------------------------------------------------------------
    # Revenue
    # ------------------------------------------------------------------

    def test_revenue_by_state(self):
        """Orders count without taxes where their reservation is held, confirmed or done; a no-show's apart."""
        orders = {
            state: self.create_scheduled(self.window_on(self.morning, october(day)), quantity=day - 19)
            for day, state in ((20, "confirmed"), (21, "done"), (22, "no_show"), (23, "cancelled"))
        }
        (orders["confirmed"] + orders["done"] + orders["no_show"]).action_confirm()
        orders["done"].reservation_id._complete()
        orders["no_show"].reservation_id._no_show(now=AFTER)
        orders["cancelled"]._action_cancel()
        groups = self.read_group(["state"], "expected_revenue", "no_show_revenue")
        self.assertEqual(
            groups,
            {("confirmed",): (12, 0), ("done",): (24, 0), ("no_show",): (0, 36), ("cancelled",): (0, 0)},
        )
        self.assertEqual(orders["done"].amount_untaxed, 24)

    def test_revenue_in_two_currencies(self):
        """An order in another currency counts at the rate that it had, whatever the rate is later."""
        other = self.env["res.currency"].create(
            {
                "name": "DIV",
                "symbol": "D",
                "rate_ids": [(0, 0, {"name": "2020-01-01", "rate": 4.0})],
            }
        )
        pricelist = self.env["product.pricelist"].create({"name": "In dives", "currency_id": other.id})
        mine = self.create_scheduled()
        theirs = self.create_scheduled(self.window_on(self.morning, october(21)), pricelist_id=pricelist.id)
        self.assertEqual((mine.amount_untaxed, theirs.amount_untaxed), (12, 48))
        other.rate_ids.rate = 8.0
        self.assertEqual(self.read_group([], "expected_revenue"), {(): (12 + 48 / 4,)})
        self.assertEqual(self.read_group(["currency_id"], "expected_revenue"), {(self.env.company.currency_id,): (24,)})

    def test_revenue_of_a_company_with_another_currency(self):
        """Amounts of another company are shown in the currency of the user's company, at the rate of today."""
        currency = self.env["res.currency"].create(
            {"name": "DIV", "symbol": "D", "rate_ids": [(0, 0, {"name": "2020-01-01", "rate": 4.0})]}
        )
        self.create_scheduled()
        self.env.flush_all()
        other = self.env["res.company"].create({"name": "Elsewhere", "currency_id": currency.id})
        # orders of the shop, seen from the other company
        report = self.report.with_context(allowed_company_ids=(other + self.env.company).ids)
        rows = report._read_group([("point_id", "=", self.point.id)], ["currency_id"], ["expected_revenue:sum"])
        mine = self.env.company.currency_id
        rate = mine._get_conversion_rate(mine, currency, other, date.today())
        self.assertEqual(rows, [(currency, 12 * rate)])

    # ------------------------------------------------------------------
    # What people open
    # ------------------------------------------------------------------

    def test_menus_open_what_they_say(self):
        """Every menu opens for a technician, with views that load and measures that exist; utilisation is fresh."""
        menus = self.env.ref("sale_service_schedule_report.service_schedule_menu_reporting").child_id
        self.assertEqual(len(menus), 5)
        for menu in menus:
            is_server = menu.action._name == "ir.actions.server"
            values = menu.action.with_user(self.technician).run() if is_server else menu.action.read()[0]
            model = self.env[values["res_model"]].with_user(self.technician)
            views = [(view_id, kind) for view_id, kind in values["views"]]
            self.assertTrue(model.get_views(views, {"toolbar": True, "load_filters": True})["views"], menu.name)
        self.assertTrue(self.point.capacity_refreshed_at)

    def test_rows_open_their_records(self):
        """A row of the list opens the reservation or the available hours that it is."""
        reservation = self.visit_at("2026-10-20T10:00:00-04:00")
        self.refresh()
        rows = self.report.search([("resource_id", "=", self.maria.id), ("date", "=", NEXT_DAY)])
        opened = {(action["res_model"], action["res_id"]) for action in (row.action_open_record() for row in rows)}
        hours = self.capacity.search([("resource_id", "=", self.maria.id), ("date", "=", NEXT_DAY)])
        self.assertEqual(opened, {("service.reservation", reservation.id), ("service.capacity", hours.id)})
        self.assertEqual(Form(hours.with_user(self.technician)).available_hours, 12)
