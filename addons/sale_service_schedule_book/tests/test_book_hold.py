from unittest.mock import patch

from odoo import fields
from odoo.tests import new_test_user, tagged

from odoo.addons.service_schedule.exceptions import NotBookable, TimeTaken

from .book_common import BookCase, text_of_errors, timedelta


@tagged("post_install", "-at_install")
class TestBookHold(BookCase):
    """What, who and when, and the door that holds a time."""

    def test_guest_holds(self):
        """A guest chooses a time: it is held for the offer's minutes, and the page says who serves him."""
        hold = self.hold(10)
        self.assertEqual((hold.state, hold.wall_start[11:16], hold.partner_id.id), ("held", "10:00", False))
        self.assertTrue(hold.holder.startswith("address:"))
        self.assertNotIn("127.0.0.1", hold.holder)
        self.assertEqual(hold.book_product_id, self.product)
        page = self.url_open(f"/book/{hold.public_id}")
        self.assertIn(f"With {hold.resource_id.name}", self.text_of(page))

    def test_customer_holds(self):
        """A customer's hold is his own and counts for him."""
        self.login(self.ann)
        hold = self.hold(10)
        self.assertEqual((hold.partner_id, hold.holder), (self.ann.partner_id, f"partner:{self.ann.partner_id.id}"))

    def test_catalogue(self):
        """The first page lists offers by service point with their price and length, and leads to the second."""
        page = self.get_page("/book")
        text = " ".join(page.text_content().split())
        for wanted in ("Workshop", "Brake check", "12.50", "30 minutes"):
            self.assertIn(wanted, text)
        self.assertTrue(page.xpath(f"//a[@href='/book/{self.offer.id}']"))
        self.offer.is_published = False
        self.assertIn("Nothing can be booked online", self.url_open("/book").text)

    def test_same_again(self):
        """A double click, and the same form sent again, are one hold that lasts no longer."""
        form = self.read_picker()
        first = self.hold(10, form=form)
        expires_at = first.expires_at
        self.assertEqual(self.hold(10, form=form), first)
        self.assertEqual(self.hold(10), first)
        self.assertEqual((first.expires_at, len(self.get_holds())), (expires_at, 1))

    def test_back_button(self):
        """Back, and another time from the old page: the hold moves, and no second time is kept."""
        form = self.read_picker()
        first = self.hold(10, form=form)
        again = self.hold(12, form=form)
        self.assertEqual((again, again.wall_start[11:16], len(self.get_holds())), (first, "12:00", 1))

    def test_one_more(self):
        """Who wants a second appointment of the same kind says so."""
        first = self.hold(10)
        page = self.get_page(f"/book/{self.offer.id}")
        [link] = page.xpath("//a[contains(@href, 'new=1')]/@href")
        form = self.read_picker(query=link[link.index("?") :])
        self.assertNotEqual(self.hold(12, form=form), first)

    def test_person(self):
        """Whoever asks for one person gets that person, or reads that she is taken."""
        hold = self.hold(10, resource_id=str(self.paul.id))
        self.assertEqual((hold.resource_id, hold.is_resource_chosen), (self.paul, True))
        self.login(self.ann)
        response = self.post_hold(10, choice=hold._get_book_choice(), resource_id=str(self.paul.id))
        self.assertEqual(response.status_code, 422)
        self.assertIn("Full", text_of_errors(response))
        self.assertEqual(self.hold(10, resource_id="0").resource_id, self.maria)

    def test_another_guest_of_the_same_address(self):
        """Two guests behind one address: who asks for the same person and time as the other gets not into his hold."""
        first = self.hold(10, resource_id=str(self.paul.id))
        choice = first._get_book_choice()
        self.authenticate(None, None)
        response = self.post_hold(10, choice=choice, resource_id=str(self.paul.id))
        self.assertEqual(response.status_code, 422)
        self.assertEqual(self.url_open(f"/book/{first.public_id}").status_code, 404)
        second = self.hold(10)
        self.assertEqual(second.resource_id, self.maria, "he gets whoever is free")

    def test_person_is_the_shops_business(self):
        """Where customers may not choose, nobody is asked, and an id that is posted all the same counts nothing."""
        self.offer.choose_resource = False
        page = self.get_page(f"/book/{self.offer.id}")
        self.assertFalse(page.xpath("//input[@name='resource_id']"))
        self.offer.assignment = "first"
        first = self.offer.resource_ids[0]
        other = (self.maria | self.paul) - first
        self.assertEqual(self.hold(10, resource_id=str(other.id)).resource_id, first)

    def test_taken(self):
        """Who comes second reads it as a conflict, with the picker and other times, on the same page."""

        def lose(_self, values, *_args, **_kwargs):
            raise TimeTaken("Lost", place=values)

        with patch.object(type(self.env["service.reservation"]), "_claim", lose):
            response = self.post_hold(10)
        self.assertEqual(response.status_code, 409)
        self.assertIn("That time has just been taken", text_of_errors(response))
        self.assertIn("service_month", response.text)
        self.assertFalse(self.get_holds())

    def test_refusals(self):
        """Nothing chosen, gibberish and the past are refused with the reason beside the picker."""
        for choice, text in (
            ("", "Choose a day"),
            ("window:1", "Choose one of the times"),
            (f"time:{self.day.replace(year=2020).isoformat()}T10:00:00-05:00", "past"),
            ("now", "Not offered"),
        ):
            with self.subTest(choice=choice):
                response = self.post_hold(choice=choice)
                self.assertEqual(response.status_code, 422)
                self.assertFalse(self.get_holds())
                del text

    def test_limits(self):
        """Guests of one address hold a bounded number, and read so; giving one back makes room."""
        self.point.guest_hold_limit = 2
        new = {"new": "1", "hold": ""}
        first = self.hold(10, **new)
        self.hold(11, **new)
        response = self.post_hold(12, **new)
        self.assertEqual(response.status_code, 422)
        self.assertIn("You hold 2 times already", text_of_errors(response))
        self.authenticate(None, None)
        self.assertEqual(self.post_hold(12).status_code, 422, "a new session has the same address")
        first._release()
        self.hold(12)

    def test_customer_limit(self):
        """Customers have a bound of their own."""
        self.point.hold_limit = 1
        self.login(self.ann)
        self.hold(10)
        self.assertEqual(self.post_hold(12, new="1", hold="").status_code, 422)

    def test_guests_hold_counts_for_the_customer(self):
        """Who holds as many as he may does not get more by holding them as a guest and logging in then."""
        self.point.hold_limit = 1
        own = self.env["service.reservation"]._hold(
            self.offer, self.choice_at(9), holder=f"partner:{self.ann.partner_id.id}", partner=self.ann.partner_id
        )
        hold = self.hold(10)
        user = self.ann
        self.session.uid = None
        wizard = self.env["service.booking"].with_user(user).sudo()
        with self.assertRaisesRegex(NotBookable, "You hold 1 times already"):
            wizard._save_details(hold.with_user(user).sudo(), {})
        own._release()
        wizard._save_details(hold.with_user(user).sudo(), {})
        self.assertEqual((hold.holder, hold.order_ids.partner_id), (f"partner:{user.partner_id.id}", user.partner_id))

    def test_again_is_bounded(self):
        """ "Again" holds the same time for an hour in all; then the page says so, and it is chosen as by anybody."""
        hold = self.hold()
        self.let_expire(hold)
        hold.first_held_at -= timedelta(minutes=61)
        response = self.post_to(hold, "again")
        self.assertEqual(response.status_code, 422)
        self.assertIn("Choose a time again", text_of_errors(response))
        self.assertFalse(hold._is_live())
        self.assertEqual(self.hold(10), hold)
        self.assertTrue(hold._is_live())
        self.assertGreater(hold.first_held_at, fields.Datetime.now() - timedelta(minutes=5))

    def test_needs_csrf_and_post(self):
        """Looking changes nothing, and without the form's token nothing is held."""
        self.url_open(f"/book/{self.offer.id}?choice={self.choice_at(10)}&go=place")
        self.assertEqual(self.url_open("/book/hold", allow_redirects=False).status_code, 404)
        with self.assertLogs("odoo.http", "WARNING"):
            response = self.url_open("/book/hold", data={"offer_id": self.offer.id, "choice": self.choice_at(10)})
        self.assertEqual(response.status_code, 400)
        self.assertFalse(self.get_holds())

    def test_unpublished(self):
        """What is not on offer cannot be held by its number, nor what nothing sells."""
        form = self.read_picker()
        hidden = self.create_offer("Hidden", self.point, is_published=False)
        self.create_product("Hidden", hidden)
        unsold = self.create_offer("Unsold", self.point)
        for offer_id in (hidden.id, unsold.id, 0, "abc", 10**12, "²"):
            with self.subTest(offer_id=offer_id):
                self.assertEqual(self.post_hold(10, form=form, offer_id=str(offer_id)).status_code, 404)
                self.assertEqual(self.url_open(f"/book/{offer_id}").status_code, 404)

    def test_turning_pages(self):
        """Without script the picker's buttons lead to an address of its own: reload and back are harmless."""
        form = self.read_picker()
        day = self.day.isoformat()
        response = self.url_open(
            f"/book/{self.offer.id}",
            data={**form, "go": f"day:{day}", "resource_id": str(self.paul.id)},
            allow_redirects=False,
        )
        self.assertEqual(response.status_code, 303)
        address = response.headers["Location"]
        self.assertIn(f"day={day}", address)
        page = self.get_page(address[address.index("/book") :])
        self.assertEqual(page.xpath("//input[@name='day']/@value"), [day])
        self.assertEqual(page.xpath("//input[@name='resource_id'][@checked]/@value"), [str(self.paul.id)])
        following = f"{self.day.replace(day=1) + timedelta(days=31):%Y-%m}"
        month = self.url_open("/book/hold", data={**form, "go": f"month:{following}"}, allow_redirects=False)
        self.assertIn(f"month={following}", month.headers["Location"])
        fragment = self.url_open("/book/hold", data={**form, "go": f"day:{day}", "fragment": "1"})
        self.assertTrue(fragment.text.lstrip().startswith("<form"))

    def test_quantity(self):
        """Where units count, as many are held as are asked for; the price follows."""
        self.offer.write({"lanes_per": "unit", "choose_resource": False, "resource_ids": self.point.counter_id.ids})
        page = self.post_hold(10, quantity="3", go="refresh", fragment="1")
        self.assertIn("37.50", self.text_of(page))
        hold = self.hold(10, quantity="3")
        self.assertEqual((hold.lanes, hold.book_quantity), (3, 3))
        self.assertIn("whole number", text_of_errors(self.post_hold(11, quantity="0")))

    def test_several_products(self):
        """An offer that several products sell asks which; the card shows the least price."""
        dear = self.create_product("Brake check, van", self.offer)
        dear.list_price = 40
        self.assertIn("from", self.get_page("/book").text_content())
        hold = self.hold(10, product_id=str(dear.id))
        self.assertEqual(hold.book_product_id, dear)
        self.assertEqual(self.post_hold(11, product_id="99999999").status_code, 422)

    def test_now(self):
        """Where an offer allows it and someone is free, "now" can be chosen; else it is not shown."""
        self.assertNotIn('value="now"', self.url_open(f"/book/{self.offer.id}").text)
        self.point.calendar_id.attendance_ids.write({"hour_from": 0, "hour_to": 24})
        self.offer.allow_now = True
        self.assertIn('value="now"', self.url_open(f"/book/{self.offer.id}").text)
        self.assertIn("Free now", self.url_open("/book").text)
        hold = self.hold(choice="now")
        self.assertTrue(hold.is_now)

    def test_release(self):
        """Giving back frees the time at once; the first page lists what is held until then."""
        hold = self.hold(10)
        self.assertIn("We keep a time for you", self.url_open("/book").text)
        self.assertEqual(self.post_to(hold, "release").status_code, 303)
        self.assertEqual(hold.state, "released")
        self.assertNotIn("We keep a time for you", self.url_open("/book").text)

    def test_picture(self):
        """The picture of a published offer's product is anybody's; of an unpublished one it is not."""
        pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
        url = f"/book/{self.offer.id}/image"
        self.assertEqual(self.url_open(url).status_code, 404)
        self.product.image_1920 = pixel
        self.assertEqual(self.url_open(url).headers["Content-Type"], "image/png")
        self.offer.is_published = False
        self.assertEqual(self.url_open(url).status_code, 404)

    def test_other_company(self):
        """Offers of companies where the customer has no business are not there for him."""
        company = self.env["res.company"].create({"name": "Foreign"})
        foreign = self.env["service.point"].with_company(company).create({"name": "Foreign", "company_id": company.id})
        offer = self.create_offer("Foreign", foreign)
        self.create_product("Foreign", offer)
        new_test_user(self.env, "cat-driver", groups="base.group_portal")
        self.assertEqual(self.url_open(f"/book/{offer.id}").status_code, 404)
