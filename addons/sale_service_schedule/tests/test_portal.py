import uuid
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import format_date

from odoo.addons.service_schedule.exceptions import TimeTaken

from ..controllers.portal import ServicePortal
from .portal_common import PortalCase, text_of_errors


@tagged("post_install", "-at_install")
class TestPortalOrder(PortalCase):
    """A customer places orders on the portal."""

    def setUp(self):
        super().setUp()
        self.login(self.ann)

    def test_scheduled_order(self):
        """Scenario 1: an order for an afternoon is pending, scheduled, and confirmed in the shop's own words."""
        response = self.place(quantity="2", note="Valve sticks")
        page = self.get_page(response.headers["Location"])
        order = self.get_orders()
        self.assertEqual(len(order), 1)
        self.assertEqual((order.fulfilment_state, order.state, order.order_type), ("pending", "sent", "pre_order"))
        self.assertTrue(order.is_scheduled)
        self.assertEqual(order.window_id, self.afternoon)
        self.assertEqual((order.order_line.product_id, order.order_line.product_uom_qty), (self.product, 2))
        self.assertEqual((order.order_notes, order.amount_total), ("Valve sticks", 25.0))
        date = format_date(self.env, self.day, date_format="full")
        confirmation = f"Order #{order.name} scheduled for {date} at Afternoon (12:00-17:00)"
        self.assertIn(confirmation, page.xpath("//*[@role='status']")[0].text_content())

    def test_walk_in(self):
        """As soon as possible takes no time from anybody."""
        order = self.place_order(when="asap")
        self.assertEqual((order.order_type, order.fulfilment_state), ("instant", "pending"))
        self.assertFalse(order.reservation_id)

    def test_specific_time(self):
        """A time of one's own is booked to the minute, on the shop's clock."""
        self.read_form()
        choices = self.offer.get_picker_days(self.day, self.day)[self.day.isoformat()]
        choice = next(slot["choice"] for slot in choices if "T15:00" in slot["choice"])
        order = self.place_order(choice=choice)
        self.assertEqual(order.reservation_id.wall_start[:16], f"{self.day.isoformat()}T15:00")
        self.assertFalse(order.window_id)

    def test_history_names_customer(self):
        """The history says that the customer booked, not a superuser."""
        self.assertEqual(self.place_order().reservation_id.change_ids.user_id, self.ann)

    def test_new_order_is_announced(self):
        """The staff of the shop hear of the order on the bus."""
        self.env["bus.bus"].search([]).unlink()
        self.place_order()
        self.env.cr.precommit.run()
        self.assertIn("new_order", "".join(self.env["bus.bus"].search([]).mapped("message")))

    def test_yesterday(self):
        """Scenario 4: yesterday is refused with "Date must be in future", and no order is made."""
        yesterday = self.point._get_today() - timedelta(days=1)
        self.assert_refused(self.place(choice=self.window_on(self.afternoon, yesterday)), "Date must be in future")

    def test_yesterday_without_time(self):
        """Scenario 4 for who only chose the day."""
        yesterday = self.point._get_today() - timedelta(days=1)
        self.assert_refused(self.place(choice="", day=yesterday.isoformat()), "Date must be in future")

    def test_all_errors_at_once(self):
        """Several wrong answers are all named, and everything that was typed is still there."""
        response = self.place(quantity="0", note="x" * 2001, choice="")
        self.assert_refused(response, "The quantity is a whole number from 1 to 99")
        text = text_of_errors(response)
        self.assertIn("at most 2000 characters; yours has 2001", text)
        self.assertIn("Choose a day", text)
        self.assertIn("x" * 2001, response.text)

    def test_bad_quantity(self):
        """Only whole numbers from 1 to 99 are quantities."""
        for quantity in ("0", "-1", "1e9", "abc", "1.5", "100", "", "99999999999999999999", "²", "\x00"):
            with self.subTest(quantity=quantity):
                self.assert_refused(self.place(quantity=quantity), "whole number from 1 to 99")

    def test_bad_product(self):
        """What the shop does not sell on the portal cannot be ordered by its number."""
        hidden = self.create_product("Secret", self.create_offer("Secret", self.point, is_published=False))
        plain = self.env["product.product"].create({"name": "Mask"})
        unsold = self.create_product("Retired", self.offer)
        unsold.sale_ok = False
        for product_id in (hidden.id, plain.id, unsold.id, 0, "abc", -1, 10**30):
            with self.subTest(product_id=product_id):
                self.assert_refused(self.place(product_id=str(product_id)), "Choose one of the services")

    def test_bad_choice(self):
        """What is no time of this offer is refused: unknown and foreign windows, gibberish, naive times."""
        other = self.create_point("Other shop")
        naive = f"time:{self.day.isoformat()}T15:00:00"
        choices = [
            "window:999999999:" + self.day.isoformat(),
            self.window_on(other.window_ids[0]),
            f"window:{self.afternoon.id}:2026-02-30",
            f"window:{self.afternoon.id}:0001-01-01",
            f"window:{self.afternoon.id}:9999-12-31",
            "time:0001-01-01T00:00:00+00:00",
            "time:9999-12-31T23:59:59-05:00",
            f"{naive}+23:59",
            naive,
            f"time:{self.day.isoformat()}T15:07:00-05:00",
            f"time:{self.day.isoformat()}T03:00:00-05:00",
            "time:",
            "window::",
            "';--",
            "\x00",
        ]
        for choice in choices:
            with self.subTest(choice=choice):
                response = self.place(choice=choice)
                self.assertEqual(response.status_code, 422)
                self.assertFalse(self.get_orders())

    def test_same_instant_in_another_zone(self):
        """The same instant written with another offset is the same time on the shop's clock."""
        slots = self.offer.get_picker_days(self.day, self.day)[self.day.isoformat()]
        choice = next(slot["choice"] for slot in slots if "T15:00" in slot["choice"])
        start, _window = self.offer.parse_choice(choice)
        order = self.place_order(choice=f"time:{fields.Datetime.to_string(from_stamp(start)).replace(' ', 'T')}+00:00")
        self.assertEqual(order.reservation_id.wall_start[:16], f"{self.day.isoformat()}T15:00")

    def test_closed_day(self):
        """A public holiday is neither offered nor booked."""
        start, stop = self.point._get_day_bounds(self.day)
        self.env["resource.calendar.leaves"].create(
            {"name": "Holiday", "calendar_id": self.point.calendar_id.id, "date_from": start, "date_to": stop}
        )
        page = self.get_page("/my/service/new")
        self.assertFalse(page.xpath(f"//button[@value='day:{self.day.isoformat()}']"))
        self.assert_refused(self.place(), "Closed for a public holiday")

    def test_full_window(self):
        """A full window is refused with the reason, and the page shows what is still free that day."""
        self.point.counter_id.lane_count = 1
        self.env["service.reservation"]._book(self.offer, self.window_on(self.afternoon))
        response = self.place()
        self.assert_refused(response, "Full: no place is left")
        self.assertIn(self.window_on(self.morning), response.text)
        self.assertNotIn(f'value="{self.window_on(self.afternoon)}"', response.text)

    def test_taken_meanwhile(self):
        """Who comes second reads that the time has just been taken, as a conflict, and has no order."""

        def lose(_self, values, _places, _take, _now=None):
            raise TimeTaken("Lost", place=values)

        with patch.object(type(self.env["service.reservation"]), "_claim", lose):
            response = self.place(note="Kept")
        self.assert_refused(response, "That time has just been taken", status=409)
        self.assertIn("Still free:", response.text)
        self.assertIn("Kept", response.text)

    def test_too_far(self):
        """Beyond the horizon nothing is booked."""
        far = self.point._get_today() + timedelta(days=self.offer.horizon_days + 1)
        self.assert_refused(self.place(choice=self.window_on(self.morning, far)), "Too far ahead")

    def test_places_left(self):
        """The picker counts the places that are left."""
        self.point.counter_id.lane_count = 2
        self.env["service.reservation"]._book(self.offer, self.window_on(self.afternoon))
        response = self.post_form(when="later", go=f"day:{self.day.isoformat()}")
        self.assertIn("1 place left", response.text)
        self.assertIn("2 places left", response.text)

    def test_repeated_submit(self):
        """The same form sent twice makes one order, and says so."""
        form = self.read_form()
        self.place(form=form)
        again = self.place(form=form)
        order = self.get_orders()
        self.assertEqual(len(order), 1)
        self.assertEqual(again.status_code, 303)
        page = self.get_page(again.headers["Location"])
        self.assertIn("already been sent", page.xpath("//*[@role='status']")[0].text_content())

    def test_key_of_another_customer(self):
        """A form's key is the customer's own: another customer with the same key gets an order of his own."""
        key = str(uuid.uuid4())
        first = self.place_order(submission_key=key)
        self.login(self.bob)
        self.assertNotEqual(self.place_order(submission_key=key), first)

    def test_database_keeps_keys_unique(self):
        """The database refuses a second order of one form: the judge when both are sent at the same moment."""
        self.env.cr.execute(
            "SELECT indexdef FROM pg_indexes WHERE tablename = 'sale_order' AND indexdef LIKE '%%submission_key%%'"
        )
        [(definition,)] = self.env.cr.fetchall()
        self.assertIn("UNIQUE", definition)

    def test_missing_csrf(self):
        """Without its token a form is refused, and nothing is created."""
        form = self.read_form()
        form.pop("csrf_token")
        with self.assertLogs("odoo.http", "WARNING"):
            response = self.place(form=form)
        self.assertEqual(response.status_code, 400)
        self.assertFalse(self.get_orders())

    def test_get_creates_nothing(self):
        """An address with a whole order in it shows the form and creates nothing."""
        choice = self.window_on(self.afternoon)
        response = self.url_open(f"/my/service/new?go=place&product_id={self.product.id}&when=later&choice={choice}")
        self.assertEqual(response.status_code, 200)
        self.assertFalse(self.get_orders())

    def test_refresh_keeps_answers(self):
        """Turning the page of the calendar creates nothing and keeps every answer, without any script."""
        month = (self.day.replace(day=1) + timedelta(days=32)).replace(day=1)
        response = self.post_form(
            product_id=str(self.product.id), quantity="3", when="later", note="Hello", go=f"month:{month:%Y-%m}"
        )
        self.assertEqual(response.status_code, 200)
        self.assertIn(format_date(self.env, month, date_format="LLLL y"), response.text)
        self.assertIn("Hello", response.text)
        self.assertIn("37.50", response.text)
        self.assertFalse(self.get_orders())

    def test_only_free_days_are_buttons(self):
        """A past day can be seen but not chosen."""
        page = self.get_page("/my/service/new")
        days = [button.get("value") for button in page.xpath("//button[starts-with(@value, 'day:')]")]
        self.assertTrue(days)
        self.assertGreaterEqual(min(days), f"day:{self.point._get_today().isoformat()}")

    def test_price_of_pricelist(self):
        """The price shown is the customer's own, and the one that is charged."""
        self.env["res.config.settings"].create({"group_product_pricelist": True}).execute()
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Club",
                "currency_id": self.env.company.currency_id.id,
                "item_ids": [(0, 0, {"compute_price": "fixed", "fixed_price": 7.25, "applied_on": "3_global"})],
            }
        )
        self.ann.partner_id.property_product_pricelist = pricelist
        self.assertIn("7.25", self.get_page("/my/service/new").xpath("//*[@data-swap='price']")[0].text_content())
        self.assertEqual(self.place_order().amount_total, 7.25)

    def test_shops(self):
        """Of several shops one is chosen; a product or a window of another shop does not fit it."""
        self.assertFalse(self.get_page("/my/service/new").xpath("//select[@name='point_id']"))
        other = self.create_point("North Reef")
        air = self.create_product("Air fill", self.create_offer("Air", other))
        self.assertTrue(self.get_page("/my/service/new").xpath("//select[@name='point_id']"))
        self.assert_refused(self.place(point_id=str(other.id)), "Choose one of the services")
        self.assert_refused(self.place(point_id="999999"), "Choose one of the shops")
        order = self.place_order(
            point_id=str(other.id), product_id=str(air.id), choice=self.window_on(other.window_ids[0])
        )
        self.assertEqual(order.service_point_id, other)

    def test_shop_of_another_company(self):
        """Shops of companies where the customer has no business are neither shown nor taken."""
        company = self.env["res.company"].create({"name": "Foreign"})
        foreign = self.env["service.point"].with_company(company).create({"name": "Foreign", "company_id": company.id})
        self.create_product("Foreign fill", self.create_offer("Foreign", foreign))
        self.assert_refused(self.place(point_id=str(foreign.id)), "Choose one of the shops")

    def test_nothing_on_offer(self):
        """Without anything on offer the page says so."""
        self.offer.is_published = False
        self.assertIn("Nothing can be ordered online", self.url_open("/my/service/new").text)
        self.assertEqual(self.post_form(form={"csrf_token": self.read_token()}).status_code, 422)

    def read_token(self):
        """Return a valid CSRF token from a page that has one."""
        return self.get_page("/my/security").xpath("//input[@name='csrf_token']")[0].get("value")

    def test_file_as_text(self):
        """A file sent in place of a text is no text, and no crash."""
        response = self.url_open(
            "/my/service/new", data=self.read_form(), files={"note": ("a.txt", b"x"), "choice": ("b.txt", b"y")}
        )
        self.assertIn(response.status_code, (200, 422))

    def test_anonymous(self):
        """Who is not logged in is asked to."""
        self.authenticate(None, None)
        response = self.url_open("/my/service/new", allow_redirects=False)
        self.assertIn("/web/login", response.headers["Location"])

    def test_languages(self):
        """A French customer reads French dates."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.ann.lang = "fr_FR"
        self.login(self.ann)
        self.opener.cookies.set("frontend_lang", "fr_FR")
        page = self.get_page("/my/service/new")
        month = page.xpath("//*[@id='service_month']")[0].text_content()
        shown = fields.Date.to_date(f"{page.xpath('//input[@name=$n]', n='day')[0].get('value')}")
        env = self.env(context={"lang": "fr_FR"})
        self.assertEqual(month.strip(), format_date(env, shown, date_format="LLLL y"))
        self.assertEqual(page.xpath("//th[@scope='col']/abbr/@title")[0], "lundi")


@tagged("post_install", "-at_install")
class TestPortalChange(PortalCase):
    """A customer looks after his orders on the portal."""

    def setUp(self):
        super().setUp()
        self.login(self.ann)
        self.order = self.place_order()
        self.url = f"/my/service/{self.order.id}"

    def move(self, window=None, days=0, **values):
        """Reschedule the order by some days."""
        choice = self.window_on(window or self.afternoon, self.day + timedelta(days=days))
        return self.post_form(f"{self.url}/reschedule", **{"choice": choice, **values})

    def test_reschedule(self):
        """Scenario 3: prefilled with the present time, moved by two days, confirmed, noted for the staff."""
        page = self.get_page(f"{self.url}/reschedule")
        self.assertEqual(page.xpath("//input[@name='choice'][@checked]/@value"), [self.window_on(self.afternoon)])
        response = self.move(days=2, reason="Boat is late")
        text = self.get_page(response.headers["Location"]).xpath("//*[@role='status']")[0].text_content()
        date = format_date(self.env, self.day + timedelta(days=2), date_format="full")
        self.assertIn(f"Order #{self.order.name} rescheduled to {date} at Afternoon", text)
        self.assertEqual(self.order.reschedule_count, 1)
        old = format_date(self.env, self.day, date_format="full")
        notes = " ".join(self.order.message_ids.mapped(lambda message: str(message.body)))
        self.assertIn(f"Rescheduled from {old} at Afternoon (12:00-17:00) to {date}", notes)
        self.assertIn("Boat is late", notes)
        self.assertEqual(self.order.reservation_id.change_ids[0].user_id, self.ann)

    def test_reschedule_three_times(self):
        """Scenario 6: three moves are counted, and the page shows the whole chain."""
        for days in (1, 2, 3):
            self.assertEqual(self.move(days=days).status_code, 303)
        self.assertEqual(self.order.reschedule_count, 3)
        days = [self.day + timedelta(days=count) for count in range(4)]
        chain = " → ".join(format_date(self.env, day, date_format="MMM d") for day in days)
        self.assertIn(chain, self.get_page(f"/my/orders/{self.order.id}").text_content())

    def test_same_time(self):
        """Confirming the time one has changes nothing and counts nothing."""
        response = self.move()
        self.assertIn("message=service_same", response.headers["Location"])
        self.assertEqual((self.order.reschedule_count, self.order.reservation_id.revision), (0, 0))

    def test_reschedule_to_yesterday(self):
        """A past time is refused, and the order keeps its own."""
        response = self.move(days=-DAYS_BACK)
        self.assertEqual(response.status_code, 422)
        self.assertIn("Date must be in future", text_of_errors(response))
        self.assertEqual(self.order.schedule_label, self.order.reservation_id._get_label())
        self.assertFalse(self.order.reschedule_count)

    def test_reschedule_bad_input(self):
        """Nothing chosen, gibberish, and an oversize reason are refused; the reason and the time at once."""
        response = self.move(choice="", reason="x" * 501)
        self.assertEqual(response.status_code, 422)
        self.assertIn("Choose a day", text_of_errors(response))
        self.assertIn("at most 500 characters", text_of_errors(response))
        self.assertEqual(self.move(choice="window:1").status_code, 422)
        self.assertFalse(self.order.reschedule_count)

    def test_reschedule_walk_in(self):
        """A walk-in can be given a time."""
        order = self.place_order(when="asap")
        response = self.post_form(f"/my/service/{order.id}/reschedule", choice=self.window_on(self.morning))
        self.assertEqual(response.status_code, 303)
        self.assertTrue(order.is_scheduled)

    def test_looking_changes_nothing(self):
        """A GET on cancel asks, a GET on reschedule shows: neither changes anything."""
        for path in ("cancel", "cancel?reason=x&go=place", f"reschedule?choice={self.window_on(self.evening)}"):
            self.assertEqual(self.url_open(f"{self.url}/{path}").status_code, 200)
        self.assertEqual((self.order.fulfilment_state, self.order.window_id), ("pending", self.afternoon))

    def test_cancel(self):
        """Cancelling gives the time back and says so; doing it twice is one cancellation."""
        form = self.read_form(f"{self.url}/cancel")
        response = self.post_form(f"{self.url}/cancel", form=form, reason="Ill")
        page = self.get_page(response.headers["Location"])
        self.assertIn("is cancelled", page.xpath("//*[@role='status']")[0].text_content())
        self.assertEqual((self.order.fulfilment_state, self.order.reservation_id.state), ("cancelled", "cancelled"))
        self.assertEqual(self.post_form(f"{self.url}/cancel", form=form).status_code, 303)
        changes = self.order.reservation_id.change_ids
        self.assertEqual(changes.mapped("kind"), ["cancelled", "booked"])
        self.assertEqual((changes[0].reason, changes[0].user_id), ("Ill", self.ann))

    def test_cancel_needs_token(self):
        """Without the form's token nothing is cancelled or moved."""
        for path, data in (("cancel", {"a": "b"}), ("reschedule", {"choice": self.window_on(self.evening)})):
            with self.assertLogs("odoo.http", "WARNING"):
                self.assertEqual(self.url_open(f"{self.url}/{path}", data=data).status_code, 400)
        self.assertEqual((self.order.fulfilment_state, self.order.window_id), ("pending", self.afternoon))

    def test_after_cut_off(self):
        """After the cut-off the page has no buttons and says why; posting all the same changes nothing."""
        forms = {path: self.read_form(f"{self.url}/{path}") for path in ("cancel", "reschedule")}
        forms["reschedule"]["choice"] = self.window_on(self.evening, self.day + timedelta(days=1))
        with freeze_time(self.order.scheduled_start - timedelta(minutes=90)):
            self.login(self.ann)
            page = self.get_page(f"/my/orders/{self.order.id}")
            self.assertFalse(page.xpath("//a[contains(@class, 'o_service_cancel')]"))
            self.assertIn("too late to change it online", page.text_content())
            token = self.get_page("/my/security").xpath("//input[@name='csrf_token']")[0].get("value")
            for path, form in forms.items():
                response = self.post_form(f"{self.url}/{path}", form={**form, "csrf_token": token})
                self.assertEqual(response.status_code, 422)
                self.assertIn("Too late to change", text_of_errors(response))
        self.assertEqual((self.order.fulfilment_state, self.order.window_id), ("pending", self.afternoon))

    def test_after_work_began(self):
        """Once work has begun the customer cannot move or cancel."""
        forms = {path: self.read_form(f"{self.url}/{path}") for path in ("cancel", "reschedule")}
        self.order.action_start_work()
        for path, form in forms.items():
            response = self.post_form(f"{self.url}/{path}", form=form, choice=self.window_on(self.evening))
            self.assertEqual(response.status_code, 422)
            self.assertIn("any more", text_of_errors(response))
        self.assertEqual(self.order.fulfilment_state, "preparing")

    def test_other_customer(self):
        """Another customer neither sees nor changes the order, whatever he posts."""
        forms = {path: self.read_form(f"{self.url}/{path}") for path in ("cancel", "reschedule")}
        self.login(self.bob)
        token = self.read_form()["csrf_token"]
        for path, form in forms.items():
            self.assertIn("/my/service", self.url_open(f"{self.url}/{path}", allow_redirects=False).headers["Location"])
            posted = {**form, "csrf_token": token, "choice": self.window_on(self.evening)}
            response = self.post_form(f"{self.url}/{path}", form=posted)
            self.assertTrue(response.headers["Location"].endswith("/my/service"))
        self.assertNotIn(self.order.name, self.url_open("/my/service").text)
        self.assertTrue(self.url_open(f"/my/orders/{self.order.id}").url.endswith("/my"))
        self.assertEqual((self.order.fulfilment_state, self.order.window_id), ("pending", self.afternoon))

    def test_wrong_token(self):
        """A guessed access token opens nothing; the order's own does."""
        self.login(self.bob)
        response = self.url_open(f"{self.url}/cancel?access_token={uuid.uuid4()}", allow_redirects=False)
        self.assertEqual(response.status_code, 303)
        token = self.order._portal_ensure_token()
        self.assertEqual(self.url_open(f"{self.url}/cancel?access_token={token}").status_code, 200)

    def test_colleague(self):
        """A colleague of the same company sees the order and may change it; history names him."""
        company = self.env["res.partner"].create({"name": "Divers Ltd", "is_company": True})
        self.ann.partner_id.parent_id = company
        colleague = new_test_user(self.env, "cat-diver", groups="base.group_portal")
        colleague.partner_id.parent_id = company
        self.login(colleague)
        self.assertIn(self.order.name, self.url_open("/my/service").text)
        self.assertEqual(self.move(self.evening).status_code, 303)
        self.assertEqual(self.order.reservation_id.change_ids[0].user_id, colleague)

    def test_orders_of_no_service(self):
        """An ordinary sale order is no service order: these pages do not touch it."""
        plain = self.env["sale.order"].create({"partner_id": self.ann.partner_id.id, "state": "sent"})
        response = self.url_open(f"/my/service/{plain.id}/cancel", allow_redirects=False)
        self.assertTrue(response.headers["Location"].endswith("/my/service"))
        self.assertEqual(self.url_open(f"/my/orders/{plain.id}").status_code, 200)

    def test_list(self):
        """The list shows open orders first, with badges, and pages through the rest."""
        walk_in = self.place_order(when="asap")
        self.order._cancel_by_customer()
        text = " ".join(self.get_page("/my/service").text_content().split())
        self.assertLess(text.index(walk_in.name), text.index(self.order.name), "open orders come first")
        self.assertIn("Walk-in", text)
        self.assertIn("Scheduled for", text)
        self.assertIn("Cancelled", text)
        with patch.object(ServicePortal, "_items_per_page", 1):
            page = self.get_page("/my/service")
            self.assertTrue(page.xpath("//a[contains(@href, '/my/service/page/2')]"))
            self.assertNotIn(self.order.name, page.text_content())
            self.assertIn(self.order.name, self.get_page("/my/service/page/2").text_content())

    def test_empty_list(self):
        """A customer without orders is led to his first one."""
        self.login(self.bob)
        self.assertTrue(self.get_page("/my/service").xpath("//a[@href='/my/service/new']"))

    def test_home(self):
        """The portal's home counts service orders, and does not call them quotations to review."""
        counters = self.make_jsonrpc_request("/my/counters", {"counters": ["service_order_count", "quotation_count"]})
        self.assertEqual((counters["service_order_count"], counters["quotation_count"]), (1, 0))
        self.assertTrue(self.get_page("/my").xpath("//a[@href='/my/service']"))


DAYS_BACK = 6


def from_stamp(stamp):
    """Return the naive UTC field value of a stamp."""
    return fields.Datetime.to_datetime("1970-01-01") + timedelta(seconds=stamp)


@tagged("post_install", "-at_install")
class TestPortalTour(PortalCase):
    """A customer clicks through the portal in Chromium."""

    def test_place_reschedule_cancel(self):
        """With the script: choose a month, a day and a window, see the price follow, move the order, cancel it."""
        self.start_tour("/my/service", "service_portal_order", login="ann-diver")
        order = self.get_orders(self.ann)
        self.assertEqual((len(order), order.fulfilment_state, order.reschedule_count), (1, "cancelled", 1))
        self.assertEqual((order.order_line.product_uom_qty, order.order_notes), (3, "By tour"))
