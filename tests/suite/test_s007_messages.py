"""The scenarios of the dive shop from the customer's browser to the mail boxes: the right messages, once each."""

from suite_messages import MessagesCase
from suite_portal import Visitor, read_text
from suite_server import transaction

from odoo.tests import tagged


@tagged("post_install", "-at_install", "standard")
class TestCustomersMessages(MessagesCase):
    """Scenarios 1, 3 and 6: customers schedule and reschedule on the portal."""

    def test_schedule_from_portal(self):
        """Scenario 1: who orders a fill for an afternoon reads it on the page and gets one mail; programs are told."""
        john = self.log_in("john@example.com")
        order_id, name = self.order(john, self.nitrox, 5, "Afternoon")
        promise = f"scheduled for {self.label(order_id)}"
        self.assertIn(f"Order #{name} {promise}", read_text(john.page(f"/my/orders/{order_id}?message=service_placed")))
        mails = self.read_mails()
        self.assertEqual(set(mails), {"john@example.com"})
        [mail] = mails["john@example.com"]
        self.assertEqual(self.read_subject(mail), f"Order #{name} Scheduled for {self.label(order_id)}")
        text = self.read_text(mail)
        for part in ("Hello John Doe,", "Nitrox fill", self.label(order_id), "Blue Reef", "12.50"):
            self.assertIn(part, text)
        self.assertNotIn(self.zone_name("en_US"), text)
        self.check_link(mail, order_id, name)
        method, entry = self.read_invitation(mail)
        self.assertEqual((method, str(entry["STATUS"])), ("REQUEST", "CONFIRMED"))
        self.assertEqual(str(entry["ATTENDEE"]), "mailto:john@example.com")
        self.check_new_order(order_id)

    def label(self, order_id, lang="en_US"):
        """Return the promise as people read it."""
        with transaction(self.database) as env:
            return env["sale.order"].with_context(lang=lang).browse(order_id).schedule_label

    def zone_name(self, lang):
        """Return the name of the shop's zone."""
        names = {
            "America/New_York": {"en_US": "Eastern", "fr_FR": "de l\u2019Est"},
            "Asia/Tokyo": {"en_US": "Japan", "fr_FR": "du Japon"},
        }
        return names[self.zone.key][lang]

    def check_link(self, mail, order_id, name):
        """Check that the button of a mail leads to the order, for somebody who is not logged in."""
        page = mail.get_body(["html"]).get_content()
        start = page.index(f"https://shop.example.com/my/orders/{order_id}")
        path = page[start : page.index('"', start)].removeprefix("https://shop.example.com").replace("&amp;", "&")
        self.assertIn(name, read_text(Visitor(self.url).page(path)))

    def check_new_order(self, order_id):
        """Check the two webhooks of an order that was placed for a time: the payloads of the API, no more, no less."""
        with transaction(self.database) as env:
            start = env["sale.order"].browse(order_id).scheduled_start.astimezone(self.zone)
        by_type = {event["type"]: event for event in self.read_hooks(order_id)}
        self.assertEqual(set(by_type), {"new_order", "order_update"})
        self.assertEqual(
            by_type["new_order"]["data"],
            {
                "type": "new_order",
                "order_id": order_id,
                "customer_name": "John Doe",
                "order_type": "pre_order",
                "scheduled_pickup_time": start.isoformat(),
                "total_amount": "12.50",
                "item_count": 1,
                "has_chitty": False,
            },
        )
        update = by_type["order_update"]["data"]
        self.assertTrue(update.pop("updated_at"))
        self.assertEqual(
            update,
            {
                "type": "order_update",
                "order_id": order_id,
                "shop_id": self.point,
                "status": "pending",
                "total_amount": "12.50",
                "estimated_preparation_minutes": update["estimated_preparation_minutes"],
            },
        )

    def test_reschedule(self):
        """Scenario 3: who moves his order gets one confirmation of the new time, and the staff read of it."""
        john = self.log_in("john@example.com")
        order_id, name = self.order(john, self.nitrox, 4, "Afternoon")
        self.read_mails(), self.read_hooks(order_id)
        old = self.label(order_id)
        page = john.page(f"/my/service/{order_id}/reschedule")
        self.assertEqual(john.read_form(page)[1]["day"], self.day(4))
        self.assertIn("Afternoon", read_text(page.xpath("//label[.//input[@name='choice'][@checked]]")[0]))
        page = self.move(john, order_id, 6, "Morning", reason="Too windy")
        new = self.label(order_id)
        self.assertIn(new, read_text(page))
        mails = self.read_mails()
        self.assertEqual(set(mails), {"john@example.com"})
        [mail] = mails["john@example.com"]
        self.assertEqual(self.read_subject(mail), f"Order #{name} Rescheduled to {new}")
        self.assertIn(new, self.read_text(mail))
        [event] = self.read_hooks(order_id)
        self.assertEqual((event["type"], event["data"]["status"]), ("order_update", "pending"))
        tina = self.work("tina")
        domain = [["model", "=", "sale.order"], ["res_id", "=", order_id]]
        notes = tina.call("mail.message", "search_read", domain, ["body"])
        wanted = f"Rescheduled from {old} to {new}. Too windy"
        self.assertTrue(any(wanted in note["body"] for note in notes), notes)

    def test_book_move_cancel(self):
        """Scenario 6: three moves and a cancellation, by a customer in Paris: five mails in French, one calendar entry.

        Tina, who serves her, gets the same five in English; nobody else hears of it. Each is on the shop's clock, and
        says so to whom it is not his.
        """
        jeanne = self.log_in("jeanne@example.com")
        order_id, name = self.order(jeanne, self.course, 10, "10:00")
        entries = [self.check_told(order_id, f"Commande #{name} prévue : ", "10:00")]
        for days, hour in ((12, "13:00"), (15, "15:00"), (17, "09:00")):
            self.move(jeanne, order_id, days, hour)
            entries.append(self.check_told(order_id, f"Commande #{name} reportée : ", hour))
        with transaction(self.database) as env:
            order = env["sale.order"].browse(order_id)
            self.assertEqual(order.reschedule_count, 3)
            self.assertEqual(order.reschedule_chain.count("→"), 3)
            public_id = order.reservation_id.public_id
        self.cancel(jeanne, order_id)
        mails = self.read_mails()
        self.assertEqual(set(mails), {"jeanne@example.com", "tina@reef.example"})
        [mail] = mails["jeanne@example.com"]
        self.assertEqual(self.read_subject(mail), f"Commande #{name} annulée")
        entries.append(self.read_invitation(mail))
        self.check_entries(entries, public_id)
        revisions = [event["revision"] for event in self.read_hooks(order_id)]
        self.assertEqual(len(revisions), 6)  # new, scheduled, three moves, cancelled
        self.assertEqual(len(set(revisions)), 6)

    def check_told(self, order_id, subject, hour):
        """Check the two mails of a change; return the invitation."""
        mails = self.read_mails()
        self.assertEqual(set(mails), {"jeanne@example.com", "tina@reef.example"})
        [mail], [to_tina] = mails["jeanne@example.com"], mails["tina@reef.example"]
        label = self.label(order_id, "fr_FR")
        self.assertIn(hour, label)
        self.assertTrue(self.read_subject(mail).startswith(f"{subject}{label}"), self.read_subject(mail))
        text = self.read_text(mail)
        self.assertIn(label, text)
        self.assertIn(self.zone_name("fr_FR"), text)
        self.assertIn(self.zone_name("fr_FR"), self.read_subject(mail))
        self.assertIn(self.label(order_id), self.read_subject(to_tina))
        self.assertNotIn(self.zone_name("en_US"), self.read_text(to_tina))
        method, entry = self.read_invitation(mail)
        start = entry["DTSTART"].dt
        self.assertEqual((start.tzinfo.key, f"{start.hour:02}:00"), (self.zone.key, hour))
        return method, entry

    def check_entries(self, entries, public_id):
        """Check that five calendar files are about one entry, each newer than the one before it."""
        self.assertEqual([method for method, _entry in entries], ["REQUEST"] * 4 + ["CANCEL"])
        self.assertEqual({str(entry["UID"]) for _method, entry in entries}, {public_id})
        sequences = [int(entry["SEQUENCE"]) for _method, entry in entries]
        self.assertEqual(sequences, sorted(set(sequences)))
        self.assertEqual(str(entries[-1][1]["STATUS"]), "CANCELLED")


@tagged("post_install", "-at_install", "standard")
class TestStaffsMessages(MessagesCase):
    """Scenarios 7, 8 and 2: the lists, the board, the reminder, ready."""

    def test_day_of_an_order(self):
        """An order is reminded of and listed the day before, is due on its day, and its customer is told it is ready.

        Each once, and to those whom it concerns: the staff list of the shop, and the customer.
        """
        john, tina, boss = self.log_in("john@example.com"), self.work("tina"), self.work("boss")
        order_id, name = self.order(john, self.nitrox, 2, "Evening")
        self.read_mails()
        self.check_reminders(john, order_id)
        self.let_midnight_pass(order_id)
        self.check_list_of_tomorrow(name)
        self.assertNotIn(order_id, self.read_board(tina))
        self.let_midnight_pass(order_id)
        self.assertIn(order_id, self.read_board(tina))
        self.check_list_of_today(boss, name)
        self.check_work(tina, order_id, name)

    def check_list_of_tomorrow(self, name):
        """Scenario 7: at two o'clock the staff read that one order is due tomorrow; who asks again gets nothing."""
        self.let_list_be_due("tomorrow_digest_hour")
        mails = self.read_mails()
        self.assertEqual(set(mails), {"tina@reef.example", "tom@reef.example"})
        for [mail] in mails.values():
            self.assertEqual(self.read_subject(mail), "1 Order Due Tomorrow")
            text = self.read_text(mail)
            for part in (name, "John Doe", "Evening", "Nitrox fill"):
                self.assertIn(part, text)
        self.let_list_be_due("tomorrow_digest_hour")
        self.assertEqual(self.read_mails(), {})
        with transaction(self.database) as env:  # the document's reminder_sent
            rows = env["service.notification.message"].search([("event_id.code", "=", "due_tomorrow_digest")])
            mine = rows.filtered(lambda row: row.res_id == self.point)
            self.assertEqual(mine.mapped("state"), ["sent", "sent"])

    def check_reminders(self, john, order_id):
        """A customer is reminded a day and an hour before, each once, and of what he cancels never."""
        with transaction(self.database) as env:
            subject = f"Reminder: Nitrox fill, {env['sale.order'].browse(order_id).schedule_label}"
        for minutes in (1440, 60):
            self.let_pass(order_id, "order_reminder", minutes)
            mails = self.read_mails()
            self.assertEqual(set(mails), {"john@example.com"}, minutes)
            [mail] = mails["john@example.com"]
            self.assertEqual(self.read_subject(mail), subject)
        cancelled_id, _name = self.order(john, self.nitrox, 3, "Afternoon")
        self.cancel(john, cancelled_id)
        self.read_mails()
        self.let_pass(cancelled_id, "order_reminder", 1440)
        self.assertEqual(self.read_mails(), {})

    def read_board(self, colleague):
        """Return the orders that one of the staff sees as due today."""
        return [order["id"] for order in colleague.call("sale.order", "get_due_board", self.point)["orders"]]

    def let_midnight_pass(self, order_id):
        """Let a day pass for an order of which all reminders are out."""

        def act(env):
            order = env["sale.order"].browse(order_id)
            moments = ("start", "stop", "promised", "blocked_start", "blocked_stop")
            changes = [f"{name} = {name} - interval '1 day'" for name in moments]
            changes += [self.back(name) for name in ("wall_start", "wall_stop")]
            env.cr.execute(
                f"UPDATE service_reservation SET {', '.join(changes)} WHERE id = %s", [order.reservation_id.id]
            )
            env.invalidate_all()
            order.reservation_id.modified(moments)

        self.rewrite(act)

    @staticmethod
    def back(name):
        """Return the SQL that puts a wall clock's text back by a day."""
        return f"{name} = to_char(({name})::timestamp - interval '1 day', 'YYYY-MM-DD\"T\"HH24:MI:SS')"

    def check_list_of_today(self, boss, name):
        """Scenario 8: on the day the order is due; with the morning's list switched on, the staff read that, once."""
        self.let_list_be_due("today_digest_hour")
        self.assertEqual(self.read_mails(), {})
        self.switch_on(boss, "due_today_digest")
        for _time in range(2):
            self.let_list_be_due("today_digest_hour")
        mails = self.read_mails()
        self.assertEqual(set(mails), {"tina@reef.example", "tom@reef.example"})
        for [mail] in mails.values():
            self.assertEqual(self.read_subject(mail), "1 Order Due Today")
            self.assertIn(name, self.read_text(mail))

    def switch_on(self, boss, code):
        """Let an event be told to the staff by e-mail, as a manager does in the list of events."""
        [event_id] = boss.call("service.notification.event", "search", [["code", "=", code]])
        channels = boss.call("service.notification.channel", "search", [["code", "=", "email"]])
        boss.call("service.notification.event", "write", [event_id], {"staff_channel_ids": [[6, 0, channels]]})

    def check_work(self, tina, order_id, name):
        """Scenario 2: begun, ready, handed over: the customer is told once that it is ready, programs of each step."""
        self.read_hooks(order_id)
        tina.call("sale.order", "action_start_work", [order_id])
        self.assertEqual(self.read_mails(), {})
        tina.call("sale.order", "action_ready", [order_id])
        mails = self.read_mails()
        self.assertEqual(set(mails), {"john@example.com"})
        [mail] = mails["john@example.com"]
        self.assertEqual(self.read_subject(mail), f"Order #{name} is ready")
        self.assertIn(order_id, self.read_board(tina))
        tina.call("sale.order", "action_picked_up", [order_id])
        self.assertNotIn(order_id, self.read_board(tina))
        self.assertEqual(self.read_mails(), {})
        events = self.read_hooks(order_id)
        steps = [(event["type"], event["data"]["status"]) for event in sorted(events, key=lambda one: one["revision"])]
        self.assertEqual(
            steps,
            [
                ("order_update", "confirmed"),
                ("order_update", "preparing"),
                ("pickup_ready", "ready"),
                ("order_update", "picked_up"),
            ],
        )
        ready = next(event["data"] for event in events if event["type"] == "pickup_ready")
        self.assertEqual(ready["message"], "Your order is ready for pickup!")
        self.assertEqual(
            set(ready), {"type", "order_id", "shop_id", "status", "estimated_preparation_minutes", "message"}
        )
