import base64
import io
import json
from unittest.mock import patch

from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .book_common import BookCase, text_of_errors

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"


@tagged("post_install", "-at_install")
class TestBookDetails(BookCase):
    """Who it is for, and what the shop wants to know."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        questions = [
            {"name": "Make and model", "is_required": True, "help_text": "As on the card"},
            {
                "name": "What is it about?",
                "kind": "choice",
                "choices": "Service\nA light\n\n Service ",
                "is_required": True,
            },
            {"name": "Mileage", "kind": "number", "is_bounded": True, "number_min": 1, "number_max": 500000},
            {"name": "Story", "kind": "long"},
            {"name": "Photo", "kind": "file", "file_types": "picture", "file_limit_mb": 1},
        ]
        cls.questions = cls.env["service.offer.question"].create(
            [
                {"offer_id": cls.offer.id, "sequence": sequence, **question}
                for sequence, question in enumerate(questions)
            ]
        )
        cls.model, cls.about, cls.mileage, cls.story, cls.photo = (f"q{question.id}" for question in cls.questions)
        cls.answers = {cls.model: "Volvo V70", cls.about: "A light", cls.mileage: "182000,5", cls.story: "Since\nMay"}

    def test_guest(self):
        """A guest's details become a contact of his own, typed answers, and one draft order for the held time."""
        hold = self.hold()
        order = self.give_details(hold, **self.answers, phone="555", note="Ring twice")
        self.assertEqual((order.state, order.reservation_id, order.service_offer_id), ("draft", hold, self.offer))
        self.assertEqual((order.partner_id.name, order.partner_id.email), ("Gus Guest", "gus@example.com"))
        self.assertEqual((order.partner_id.phone, order.partner_id.company_id), ("555", self.point.company_id))
        self.assertEqual((order.order_notes, order.amount_total), ("Ring twice", 12.5))
        self.assertEqual(hold.partner_id, order.partner_id)
        self.assertEqual(hold.state, "held")
        answers = {answer.question: answer.value for answer in hold.answer_ids}
        self.assertEqual(
            answers,
            {
                "Make and model": "Volvo V70",
                "What is it about?": "A light",
                "Mileage": "182000.5",
                "Story": "Since\nMay",
            },
        )

    def test_guest_is_nobody_else(self):
        """A guest who types a customer's address gets a contact of his own: nobody has proved whose it is."""
        self.ann.partner_id.email = "ann@example.com"
        order = self.give_details(self.hold(), **self.answers, name="Ann Diver", email="ann@example.com")
        self.assertNotEqual(order.partner_id, self.ann.partner_id)
        self.assertFalse(order.partner_id.user_ids)

    def test_again_is_one_order(self):
        """Back, change, continue: the same order and contact, with the new answers."""
        hold = self.hold()
        order = self.give_details(hold, **self.answers)
        form = self.read_details(hold)
        self.assertEqual((form["name"], form[self.model], form[self.about]), ("Gus Guest", "Volvo V70", "A light"))
        again = self.give_details(hold, form=form, name="Gustav Guest", **{self.mileage: ""})
        self.assertEqual((again, again.partner_id.name, len(again.order_line)), (order, "Gustav Guest", 1))
        self.assertNotIn("Mileage", hold.answer_ids.mapped("question"))
        self.assertEqual(len(self.env["res.partner"].search([("email", "=", "gus@example.com")])), 1)

    def test_customer(self):
        """A customer is not asked who he is, and the order is his."""
        self.login(self.ann)
        hold = self.hold()
        self.assertNotIn("email", self.read_details(hold))
        order = self.give_details(hold, **self.answers, email="other@example.com")
        self.assertEqual(order.partner_id, self.ann.partner_id)
        self.assertNotEqual(self.ann.email, "other@example.com")

    def test_all_errors_at_once(self):
        """Everything wrong is said at once, in the order of the page, each beside its field; nothing typed is lost."""
        hold = self.hold()
        wrong = {self.about: "Nonsense", self.mileage: "0", self.story: "S" * 4001, "email": "gus", "note": "n" * 2001}
        response = self.post_details(hold, **wrong)
        self.assertEqual(response.status_code, 422)
        text = text_of_errors(response)
        wanted = [
            "enter your name",
            "enter your e-mail",
            "Please answer: Make and model",
            "What is it about?: choose one of the answers",
            "Mileage: a number from 1 to 500000",
            "Story: at most 4000 characters; yours has 4001",
            "at most 2000 characters",
        ]
        places = [text.find(part) for part in wanted]
        self.assertNotIn(-1, places, text)
        self.assertEqual(places, sorted(places))
        self.assertIn("S" * 4001, response.text)
        self.assertFalse(hold.order_ids)
        self.assertEqual(self.read_details(hold)["email"], "gus", "also after a reload")

    def test_numbers(self):
        """Only plain numbers are numbers."""
        question = self.questions[2]
        question.is_bounded = False
        for text, number in (("1,5", 1.5), (" -3 ", -3), ("1e3", 1000)):
            self.assertEqual(question._read_answer(text), ({"value_number": number}, ""))
        for text in ("nan", "inf", "1e99", "²", "1.2.3", "0x10", "1_0_", "9" * 25):
            with self.subTest(text=text):
                values, error = question._read_answer(text)
                self.assertIsNone(values)
                self.assertIn("please enter a number", error)

    def test_question_rules(self):
        """A choice needs choices, bounds their order, a file its size."""
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.questions[1].choices = "One"
        for values in ({"number_min": 2, "number_max": 1}, {"file_limit_mb": 26}):
            with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                self.questions[2].write(values)
                self.env.flush_all()

    def test_who_writes_questions(self):
        """Managers write questions, technicians and salesmen read them, customers do neither; answers nobody writes."""
        hold = self.hold()
        self.give_details(hold, **self.answers)
        question, answer = self.questions[0], hold.answer_ids[0]
        for group, may_read, may_write in (
            ("service_schedule.group_manager", True, True),
            ("service_schedule.group_technician", True, False),
            ("sales_team.group_sale_salesman", True, False),
            ("base.group_portal", False, False),
        ):
            with self.subTest(group=group):
                user = new_test_user(self.env, f"user-{group}", groups=group)
                self.assertEqual(question.with_user(user).has_access("read"), may_read)
                self.assertEqual(question.with_user(user).has_access("write"), may_write)
                self.assertEqual(answer.with_user(user).has_access("read"), may_read)
                with self.assertRaises(AccessError):
                    answer.with_user(user).value_text = "Other"

    def test_tidying_up(self):
        """What was typed for a hold that came to nothing is deleted after a week, with its order; a booking stays."""
        kept, gone = self.hold(10), self.hold(11, new="1", hold="")
        for hold in kept | gone:
            self.give_details(hold, **self.answers)
        self.post_to(kept, "review")
        gone._release()
        self.env["service.reservation"]._gc_bookings()
        self.assertTrue(gone.answer_ids)
        self.env.flush_all()
        self.env.cr.execute("UPDATE service_reservation SET write_date = now() - interval '8 days'")
        self.env.invalidate_all()
        self.env["service.reservation"]._gc_bookings()
        self.assertFalse(gone.answer_ids or gone.book_draft or gone.order_ids)
        self.assertTrue(kept.answer_ids and kept.order_ids)

    def grow_old(self):
        """Let a week pass."""
        self.env.flush_all()
        self.env.cr.execute("UPDATE service_reservation SET write_date = now() - interval '8 days'")
        self.env.invalidate_all()

    def abandon(self, hour, **values):
        """Return a hold that a guest began, filled in and let go, and its guest and order."""
        hold = self.hold(hour, new="1", hold="")
        order = self.give_details(hold, **{**self.answers, **values})
        hold._release()
        return hold, hold.book_guest_id, order

    def test_tidying_up_all_of_it(self):
        """Answers, files, draft order and guest contact of a guest who went away are deleted, and only his."""
        hold = self.hold(10)
        order = self.give_details(hold, **self.answers)
        guest = hold.book_guest_id
        answer = hold.answer_ids[:1]
        answer._attach("car.txt", "text/plain", b"text")
        attachment = answer.attachment_id
        hold._release()
        self.grow_old()
        self.assertEqual(self.env["service.reservation"]._gc_bookings()[1], False)
        self.assertFalse(order.exists() or guest.exists() or attachment.exists() or hold.answer_ids)
        self.assertFalse(hold.book_guest_id or hold.partner_id or hold.book_session or hold.book_draft)
        self.assertEqual(hold.change_ids.mapped("kind"), ["released", "held"], "what happened stays")

    def test_tidying_up_keeps(self):
        """What somebody tried to pay, what the staff wrote in or talk about, and contacts used elsewhere stay."""
        tried, talked, typed, known = (self.abandon(hour) for hour in (9, 10, 11, 12))
        self.env["payment.transaction"].create(
            {
                "provider_id": self.env.ref("payment.payment_provider_demo").id,
                "payment_method_id": self.env.ref("payment_demo.payment_method_demo").id,
                "reference": "tried",
                "amount": 1,
                "currency_id": tried[2].currency_id.id,
                "partner_id": tried[1].id,
                "sale_order_ids": [(6, 0, tried[2].ids)],
            }
        )
        talked[2].message_post(body="Called back", message_type="comment")
        staff = new_test_user(self.env, "typing-tech", groups="service_schedule.group_technician")
        typed[2].order_line.with_user(staff).write({"price_unit": 1})
        self.env["sale.order"].create({"partner_id": known[1].id})
        self.grow_old()
        self.env["service.reservation"]._gc_bookings()
        for name, (hold, guest, order) in {"tried": tried, "talked": talked, "typed": typed}.items():
            with self.subTest(name=name):
                self.assertTrue(order.exists() and guest.exists() and hold.answer_ids)
                self.assertFalse(hold.book_session, "it is not looked at again")
        hold, guest, order = known
        self.assertEqual((bool(order.exists()), bool(guest.exists())), (False, True))

    def test_time_taken_by_staff_is_no_writing(self):
        """The staff take the time of a stale hold: that recomputes its order, and yet it is only what a guest typed."""
        hold = self.hold(10)
        order = self.give_details(hold, **self.answers)
        self.let_expire(hold)
        staff = new_test_user(self.env, "taking-tech", groups="service_schedule.group_technician")
        self.env.flush_all()
        reservations = self.env["service.reservation"].with_user(staff)
        reservations._book(self.offer.with_user(staff), self.choice_at(10), resources=hold.resource_id, by_staff=True)
        self.env.flush_all()
        self.assertEqual(hold.state, "expired")
        self.grow_old()
        self.env["service.reservation"]._gc_bookings()
        self.assertFalse(order.exists())

    def test_tidying_up_goes_on(self):
        """One that cannot be deleted stops no other, and is not looked at again for days; batches are bounded."""
        bad, good, last = (self.abandon(hour) for hour in (9, 10, 11))
        self.grow_old()
        unlink = self.registry["sale.order"].unlink

        def refuse(orders):
            if bad[2] in orders:
                raise ValueError("no")
            return unlink(orders)

        gc = self.env["service.reservation"]._gc_bookings
        logger = "odoo.addons.sale_service_schedule_book.models.service_reservation_forget"
        with (
            patch.object(self.registry["sale.order"], "unlink", refuse),
            patch(f"{logger}.GC_BATCH", 2),
            self.assertLogs(logger, "ERROR") as logs,
        ):
            self.assertEqual([gc(), gc()], [(2, True), (1, False)])
        self.assertEqual(len(logs.output), 1)
        self.assertTrue(bad[2].exists() and bad[1].exists() and bad[0].answer_ids and bad[0].book_session)
        self.assertFalse((good[2] | last[2]).exists() or (good[1] | last[1]).exists())
        self.assertEqual(gc(), (0, False))

    # ------------------------------------------------------------------
    # Files
    # ------------------------------------------------------------------

    def send_file(self, hold, file_name, data, **values):
        """Send the page with a file."""
        guest = {"name": "Gus Guest", "email": "gus@example.com", **self.answers}
        return self.post_details(hold, files={self.photo: (file_name, io.BytesIO(data))}, **{**guest, **values})

    def test_file(self):
        """A picture is kept with the answer, private, under its plain name; a later page keeps it."""
        hold = self.hold()
        self.assertEqual(self.send_file(hold, "..\\C:/dash.png", PNG).status_code, 303)
        answer = hold.answer_ids.filtered(lambda answer: answer.kind == "file")
        attachment = answer.attachment_id
        self.assertEqual((attachment.name, attachment.mimetype, attachment.public), ("dash.png", "image/png", False))
        self.assertEqual((attachment.raw, attachment.res_model), (PNG, "service.reservation.answer"))
        self.assertEqual(self.url_open(f"/web/content/{attachment.id}").status_code, 404)
        self.assertIn("dash.png", self.url_open(f"/book/{hold.public_id}").text)
        self.give_details(hold)
        self.assertEqual(answer.attachment_id, attachment)
        self.assertEqual(self.send_file(hold, "new.png", PNG).status_code, 303)
        self.assertEqual((answer.value, attachment.exists().id), ("new.png", False))

    def test_file_of_the_staff(self):
        """The staff of the shop open the file; customers and other staff do not."""
        hold = self.hold()
        self.send_file(hold, "dash.png", PNG)
        answer = hold.answer_ids.filtered("attachment_id")
        url = f"/web/content/{answer.attachment_id.id}"
        staff = new_test_user(self.env, "tech-nician", groups="service_schedule.group_technician")
        stranger = new_test_user(self.env, "other-tech", groups="service_schedule.group_technician")
        self.point.user_ids = staff
        self.authenticate("tech-nician", "tech-nician")
        self.assertEqual(self.url_open(url).content, PNG)
        self.assertIn(url, answer.with_user(staff).action_open_file()["url"])
        for login in ("other-tech", "ann-diver"):
            self.authenticate(login, login)
            self.assertEqual(self.url_open(url).status_code, 404)
        self.assertFalse(self.env["service.reservation.answer"].with_user(stranger).search([("id", "=", answer.id)]))
        self.assertTrue(self.env["service.reservation.answer"].with_user(staff).search([("id", "=", answer.id)]))

    def test_bad_files(self):
        """What runs in a browser, is too large, empty or of another kind is refused, whatever its name says."""
        hold = self.hold()
        cases = {
            "a.png": (HTML, "this kind of file is not taken"),
            "b.svg": (b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "this kind of file"),
            "c.png": (b"MZ\x90\x00" + b"\x00" * 100, "this kind of file"),
            "d.png": (PNG + b"\x00" * 1024 * 1024, "too large; it may have 1 MB"),
            "e.png": (b"", "is empty"),
            "g.png": (b"\x89PNG\r\n\x1a\n\x00", "this kind of file"),
            "f.pdf": (b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", "this kind of file"),
        }
        for name, (data, text) in cases.items():
            with self.subTest(name=name):
                response = self.send_file(hold, name, data)
                self.assertEqual(response.status_code, 422)
                self.assertIn(text, text_of_errors(response))
        self.assertFalse(hold.answer_ids)

    def test_good_file_beside_errors(self):
        """A file that came with wrong answers need not be chosen again."""
        hold = self.hold()
        self.assertEqual(self.send_file(hold, "dash.png", PNG, name="").status_code, 422)
        self.questions[4].is_required = True
        self.give_details(hold, **self.answers)
        self.assertEqual(hold.answer_ids.filtered("attachment_id").value, "dash.png")

    def test_required_file(self):
        """A required file is asked for."""
        self.questions[4].is_required = True
        response = self.post_details(self.hold(), **self.answers)
        self.assertIn("Please answer: Photo", text_of_errors(response))

    # ------------------------------------------------------------------
    # Accounts
    # ------------------------------------------------------------------

    def test_log_in_on_the_way(self):
        """Who logs in on the way keeps his hold and what he typed; the order becomes his, the guest is put away."""
        hold = self.hold()
        guest = self.give_details(hold, **self.answers).partner_id
        expires_at = hold.expires_at
        [link] = self.get_page(f"/book/{hold.public_id}").xpath("//a[contains(@class, 'o_book_login')]/@href")
        form = self.read_form(link)
        response = self.url_open("/web/login", data={**form, "login": "ann-diver", "password": "ann-diver"})
        self.assertTrue(response.url.endswith(f"/book/{hold.public_id}"), response.url)
        form = self.read_details(hold)
        self.assertEqual((form[self.model], form.get("name")), ("Volvo V70", None))
        self.post_details(hold, form=form)
        self.assertEqual(hold.order_ids.partner_id, self.ann.partner_id)
        self.assertEqual((hold.partner_id, hold.holder), (self.ann.partner_id, f"partner:{self.ann.partner_id.id}"))
        self.assertEqual((hold.expires_at, guest.active, len(hold.order_ids)), (expires_at, False, 1))

    def test_sign_up(self):
        """A guest who gives a password gets Odoo's own portal account for the contact of his booking, and is in."""
        self.env["ir.config_parameter"].set_param("auth_signup.invitation_scope", "b2c")
        hold = self.hold()
        order = self.give_details(hold, **self.answers, password="long-and-secret")
        user = order.partner_id.user_ids
        self.assertEqual((user.login, user.share, user._is_portal()), ("gus@example.com", True, True))
        self.assertEqual(hold.holder, f"partner:{order.partner_id.id}")
        self.assertIn("Gus Guest", self.url_open("/my").text)
        self.assertEqual(self.url_open(f"/book/{hold.public_id}/review").status_code, 200)

    def test_sign_up_taken(self):
        """An address that has an account is refused with the way to log in, and nothing of it is lost."""
        self.env["ir.config_parameter"].set_param("auth_signup.invitation_scope", "b2c")
        hold = self.hold()
        values = {"name": "Gus", "email": "ann-diver", "password": "secret", **self.answers}
        new_test_user(self.env, "gus@example.com", groups="base.group_portal")
        response = self.post_details(hold, **{**values, "email": "gus@example.com"})
        self.assertEqual(response.status_code, 422)
        self.assertIn("There is an account with this e-mail already", text_of_errors(response))
        self.assertNotIn("secret", response.text)
        self.assertNotIn("secret", json.dumps(hold.book_draft))
        self.assertFalse(hold.order_ids)

    def test_sign_up_closed(self):
        """Where accounts are by invitation only, no password is asked for, and one that is posted makes none."""
        self.env["ir.config_parameter"].set_param("auth_signup.invitation_scope", "b2b")
        hold = self.hold()
        self.assertNotIn("password", self.read_details(hold))
        order = self.give_details(hold, **self.answers, password="secret")
        self.assertFalse(order.partner_id.user_ids)

    # ------------------------------------------------------------------
    # Drafts
    # ------------------------------------------------------------------

    def test_draft(self):
        """What was typed and not sent is kept, also when the hold has ended, but never a password."""
        hold = self.hold()
        form = self.read_details(hold)
        response = self.post_to(hold, "draft", **{**form, self.model: "Vol", "password": "secret", "other": "x"})
        self.assertEqual(response.status_code, 204)
        self.assertEqual(self.read_details(hold)[self.model], "Vol")
        self.assertFalse({"password", "other", "csrf_token"} & set(hold.book_draft))
        self.let_expire(hold)
        self.post_to(hold, "draft", **{self.model: "Volvo"})
        self.assertEqual(hold.book_draft[self.model], "Volvo")

    def test_languages(self):
        """Questions and choices are asked in the customer's language, and kept as they were asked."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.questions[1].with_context(lang="fr_FR").write({"name": "De quoi ?", "choices": "Un\nDeux"})
        hold = self.hold()
        page = self.get_page(f"/fr/book/{hold.public_id}")
        self.assertIn("De quoi ?", page.text_content())
        [form] = page.xpath("//form[@id='book_details']")
        values = {**dict(form.form_values()), **self.answers, self.about: "Deux", "name": "G", "email": "g@example.com"}
        self.url_open(f"/fr/book/{hold.public_id}", data=values)
        answer = hold.answer_ids.filtered(lambda answer: answer.kind == "choice")
        self.assertEqual((answer.question, answer.value), ("De quoi ?", "Deux"))
