"""The garage's appointments: with one person, held while the customer pays, and what comes in between."""

import base64
from datetime import timedelta

from odoo import Command
from odoo.tools import file_open

from odoo.addons.service_schedule import timing
from odoo.addons.service_schedule.schedlib import stamp

from .shop import MINUTE, Shop

SERVED_DAYS_AGO = (15, 12, 9, 6, 4, 3, 1)
REGULARS = ("noor", "marcus", "greta", "ines", "courier")
SERVED = ("oil", "visit", "diagnosis")
BOOKED = ("visit", "oil", "visit", "diagnosis", "oil")
VEHICLES = {
    "driver": ("Volvo V70, 2014", "Diesel", "148000"),
    "noor": ("Toyota Corolla, 2019", "Hybrid", "61500"),
    "marcus": ("Ford F-150, 2016", "Petrol", "97200"),
    "greta": ("Saab 9-5, 2009", "Petrol", "182000"),
    "tyler": ("Honda Civic, 2012", "Petrol", "134000"),
    "ines": ("Kia Niro, 2022", "Electric", "22400"),
    "courier": ("Ford Transit, 2020", "Diesel", "118300"),
}
TROUBLE = "It pulls to the left when I brake, since last week."
TRANSFER_TEXT = """<p>Please transfer the amount to <b>Nordside Garage</b>, Lakehead Bank, account 000 123 456 789.
Your time is kept for you meanwhile.</p>"""


class Garage(Shop):
    """Fills Nordside Garage. What was served before today, and today's, the staff took by phone; the rest came from
    the booking wizard."""

    point_name = "point_nordside"
    clerk = "mechanic"

    def __init__(self, env, now=None, coming_days=7):
        super().__init__(env, now, coming_days)
        self.visit = self._ref("offer_visit")
        self.people = {name: self._ref(f"resource_{name}") for name in ("astrid", "ben", "carla")}

    def _fill(self):
        """Override of ``Shop``."""
        self._open_payments()
        self._serve_past()
        self._miss_twice()
        self._ask_for_waiver()
        self._fill_today()
        self._lead_to_a_visit()
        self._pay_too_late()
        self._fill_a_day()
        self._go_on_leave()
        self._plan_ahead()
        self._wait_for_a_transfer()
        self._cancel_late()
        self._meet()

    # ------------------------------------------------------------------
    # Before today
    # ------------------------------------------------------------------

    def _open_payments(self):
        """Let customers pay with a card that is none, and by bank transfer."""
        self._ref_of("payment.payment_provider_demo").write({"state": "test", "is_published": True})
        self._ref_of("payment.payment_provider_transfer").write(
            {"state": "test", "is_published": True, "pending_msg": TRANSFER_TEXT, "service_hold_hours": 72}
        )

    def _serve_past(self):
        """Appointments of the last weeks; the older ones invoiced and paid. No waiver was asked for then."""
        self.visit.waiver_id = False
        for count, ago in enumerate(SERVED_DAYS_AGO):
            day = self.today - timedelta(days=ago)
            who, product = REGULARS[count % len(REGULARS)], SERVED[count % len(SERVED)]
            order = self._order_on(day, who, product, 1, hour=11 + count * 3 % 8)
            self._work(order, "picked_up", order.scheduled_start)
            if ago > 8:
                self._invoice(order, day, is_paid=ago > 12)

    def _miss_twice(self):
        """Somebody who did not come, twice: his next oil change he had to pay ahead."""
        for ago in (11, 5):
            day = self.today - timedelta(days=ago)
            order = self._order_on(day, "tyler", "oil", 1, hour=12)
            order.reservation_id._no_show()
        self._book_on(self.today + timedelta(days=4), "tyler", "oil", hour=16)

    def _ask_for_waiver(self):
        """Publish the waiver, and ask for it before each visit from now on."""
        waiver = self._ref("waiver_workshop")
        waiver.with_user(self._ref("user_manager")).action_publish()
        self.visit.waiver_id = waiver

    # ------------------------------------------------------------------
    # Today
    # ------------------------------------------------------------------

    def _fill_today(self):
        """Served, in the workshop with a signed waiver, waiting to be signed, and on video, as the hour allows."""
        now = stamp(self.now)
        self._begin_a_visit("noor", near=now - 30 * MINUTE)
        self._pay(self._order_today("driver", "visit", 1, near=now + 90 * MINUTE))
        served = self._order_today("greta", "oil", 1, until=now - 75 * MINUTE, is_last=True)
        self._work(served, "picked_up", served and served.scheduled_start)
        self._pay(self._order_today("ines", "diagnosis", 1, since=now + 20 * MINUTE))
        self._order_today("courier", "oil", 1, since=now + 60 * MINUTE, note="Two vans if there is room.")

    def _begin_a_visit(self, who, near):
        """A visit whose customer has signed on the shop's tablet, and on which the work has begun."""
        order = self._order_today(who, "visit", 1, near=near)
        if not order:
            return
        self._pay(order)
        with file_open("service_schedule_demo/static/img/signature.png", "rb") as file:
            picture = base64.b64encode(file.read())
        waiver = self.visit.waiver_id.version_id
        name = order.partner_id.name
        order.reservation_id._sign_waiver(name=name, version=waiver, channel="tablet", picture=picture, now=self.now)
        self._work(order, "preparing")

    # ------------------------------------------------------------------
    # Stories
    # ------------------------------------------------------------------

    def _lead_to_a_visit(self):
        """A diagnosis by video that led to a visit next week, booked by the customer with the mechanic she had met."""
        day = self.today - timedelta(days=2)
        first = self._order_on(day, "driver", "diagnosis", 1, hour=14)
        self._work(first, "picked_up", first.scheduled_start)
        origin = first.reservation_id
        coming = self.today + timedelta(days=7 if (self.today + timedelta(days=7)).weekday() != 6 else 8)
        self._book_on(coming, "driver", "visit", hour=15, resource=origin.resource_id, origin=origin)

    def _pay_too_late(self):
        """Whose hold ended, whose time somebody else took, and whose money came after all: choose a new time."""
        day = self._find_day(lambda day: day.weekday() != 6, 3)
        earlier, later = self.now - timedelta(minutes=40), self.now - timedelta(minutes=20)
        slot = self._find_slot("visit", day, 10, self.people["astrid"], earlier)
        lost = self._hold("driver", "visit", slot, resource=self.people["astrid"], placed=earlier)
        taken = self._hold("marcus", "visit", slot, resource=self.people["astrid"], placed=later)
        self._pay(taken)
        self._pay(lost)

    def _fill_a_day(self):
        """One day on which the mechanic who works part time is full, and two who wait for him."""
        ben = self.people["ben"]
        day = self._find_day(self._is_day_of_ben, 3)
        for who in ("noor", "marcus", "ines", "courier"):
            self._book_on(day, who, "visit", hour=8, resource=ben)
        for who in ("driver", "greta"):
            self.env["service.waitlist.entry"]._join(
                self.visit, day, self._ref(f"partner_{who}"), resource=ben, now=self.now
            )

    def _go_on_leave(self):
        """A day's leave over an appointment: it needs a new time or person."""
        day = self._find_day(self._is_day_of_ben, 8)
        self._book_on(day, "ines", "visit", hour=10, resource=self.people["ben"])
        start, stop = self.point._get_day_bounds(day)
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Ben: a day off",
                "resource_id": self.people["ben"].id,
                "calendar_id": self.people["ben"].calendar_id.id,
                "company_id": self.point.company_id.id,
                "date_from": start,
                "date_to": stop,
            }
        )

    def _meet(self):
        """A meeting in Astrid's own calendar, in an hour that was free: nobody can book her then."""
        day = self._find_day(lambda day: day.weekday() < 5, 2)
        slot = self._find_slot("visit", day, 15, self.people["astrid"], self.now)
        if slot:
            self.env["calendar.event"].with_user(self._ref("user_mechanic")).create(
                {
                    "name": "Tyre supplier",
                    "location": "Their showroom",
                    "start": timing.to_field(slot.start),
                    "stop": timing.to_field(slot.stop),
                }
            )

    def _plan_ahead(self):
        """An appointment or two a day over the coming weeks."""
        for ahead in range(1, self.coming_days + 1):
            day = self.today + timedelta(days=ahead)
            number = day.toordinal()
            who, product = REGULARS[number % len(REGULARS)], BOOKED[number * 2 % len(BOOKED)]
            self._book_on(day, who, product, hour=11 + number * 5 % 8)

    def _wait_for_a_transfer(self):
        """A visit whose deposit is under way: it is kept until the bank has had its time."""
        slot = self._find_slot("visit", self._find_day(lambda day: True, 9), 13, None, self.now)
        self._pay(self._hold("greta", "visit", slot), "transfer")

    def _cancel_late(self):
        """A visit that was called off when it was not free of charge any more: half of the deposit goes back."""
        now = stamp(self.now)
        slots = [
            slot
            for ahead in (0, 1)
            for slot in self._read_slots("visit", self.today + timedelta(days=ahead), 1, self.now)
        ]
        slot = self._pick(slots, since=now + 210 * MINUTE, until=now + 23 * 60 * MINUTE, is_last=True)
        order = slot and self._hold("courier", "visit", slot)
        if order:
            self._pay(order)
            order.sudo()._cancel_by_customer("The van is on the road that day.", now=self.now)

    # ------------------------------------------------------------------
    # The wizard's way
    # ------------------------------------------------------------------

    def _book_on(self, day, who, product, *, hour, resource=None, origin=None):
        """Return the order of a customer who booked and paid, None when nothing is free that day."""
        slot = self._find_slot(product, day, hour, resource, self.now)
        order = slot and self._hold(who, product, slot, resource=resource, origin=origin)
        if not order:
            return None
        if order.require_payment:
            self._pay(order)
        else:
            order.reservation_id._place_booking()
        return order

    def _find_slot(self, product, day, hour, resource, placed):
        """Return what customers could book nearest to an hour of a day, None when there is nothing."""
        slots = self._get_offer(product).get_availability(day, day, resources=resource, now=placed)
        return self._pick(slots, near=self._at(day, hour))

    def _hold(self, who, product, slot, *, resource=None, origin=None, placed=None):
        """Hold a time as the wizard does, answer its questions, and return the order that is to be paid."""
        partner, offer = self._ref(f"partner_{who}"), self._get_offer(product)
        user = partner.user_ids[:1] or self._ref_of("base.public_user")
        booking = self.env["service.booking"].with_user(user).sudo()  # sudo: as the wizard's pages do
        hold = booking.env["service.reservation"]._hold(
            offer.with_env(booking.env),
            self._get_choice(product, slot),
            holder=f"partner:{partner.id}",
            partner=partner,
            resources=resource,
            origin=origin,
            now=placed or self.now,
        )
        hold._set_booked(self._ref(f"product_{product}"), 1, "demo")
        booking._save_details(hold, self._answer(offer, partner, who))
        return hold._get_book_order()

    def _answer(self, offer, partner, who):
        """Return what a customer types on the wizard's third page."""
        vehicle, fuel, mileage = VEHICLES[who]
        answers = {"text": vehicle, "choice": fuel, "number": mileage, "long": TROUBLE}
        return {
            "name": partner.name,
            "email": partner.email,
            "phone": partner.phone or "",
            **{f"q{question.id}": answers.get(question.kind, "") for question in offer.question_ids},
        }

    def _pay(self, order, provider="demo"):
        """Pay what the offer wants ahead, with the demo's card, or begin a bank transfer."""
        if not order:
            return
        order = order.sudo()
        share = order.service_offer_id._get_prepaid_share(order.partner_id)
        source = self._ref_of(f"payment.payment_provider_{provider}")
        payment = self.env["payment.transaction"].create(
            {
                "provider_id": source.id,
                "payment_method_id": source.payment_method_ids[:1].id,
                "amount": order.currency_id.round(order.amount_total * share),
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_id.id,
                "operation": "online_direct",
                "sale_order_ids": [Command.set(order.ids)],
            }
        )
        payment._process(source.code, {"reference": payment.reference, "simulated_state": "done"})
        payment._post_process()

    # ------------------------------------------------------------------
    # Days
    # ------------------------------------------------------------------

    def _find_day(self, is_right, ahead):
        """Return the first day, that many days ahead or later, for which ``is_right``."""
        return next(day for day in (self.today + timedelta(days=ahead + more) for more in range(7)) if is_right(day))

    @staticmethod
    def _is_day_of_ben(day):
        """Return whether Ben works on a day."""
        return day.weekday() in (0, 2, 4)

    def _ref_of(self, name):
        """Return a record of another addon."""
        return self.env.ref(name)
