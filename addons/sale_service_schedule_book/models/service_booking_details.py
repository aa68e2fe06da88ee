from odoo import api, models
from odoo.tools import email_normalize

from odoo.addons.auth_signup.models.res_partner import SignupError
from odoo.addons.sale_service_schedule.exceptions import FormRefused
from odoo.addons.sale_service_schedule.models.service_order_form import LONGEST_NOTE, check_length, text_of

LONGEST_CONTACT = 128
CONTACT = ("name", "email", "phone")
LONGEST_DRAFT = 8000


class ServiceBooking(models.AbstractModel):
    """The booking wizard's third page: who it is for, the shop's questions, a note."""

    _inherit = "service.booking"

    # ------------------------------------------------------------------
    # What is asked
    # ------------------------------------------------------------------

    @api.model
    def _needs_contact(self, hold):
        """Return whether the customer has to say who he is: a guest of whose booking nobody else knows who he is.

        What is held for somebody we know (from the waitlist, or by who has an account) stays his.
        """
        is_unknown = hold.partner_id == hold.book_guest_id and not hold.partner_id.user_ids
        return self.env.user._is_public() and is_unknown and not self._get_known_guest(hold)

    @api.model
    def _get_known_guest(self, hold):
        """Return the contact of the appointment that this one follows: who may book it is who had that one."""
        return hold.origin_id.partner_id

    @api.model
    def _get_customer(self, hold):
        """Return whom a booking is for, as far as is known without asking: not the contact made for a guest."""
        user = self.env.user
        known = hold.partner_id - hold.book_guest_id or self._get_known_guest(hold)
        return known or (user.partner_id if not user._is_public() else hold.partner_id)

    @api.model
    def _may_sign_up(self):
        """Return whether guests may make an account of their own, by Odoo's setting."""
        return self.env.user._is_public() and self.env["res.users"]._get_signup_invitation_scope() == "b2c"

    @api.model
    def _get_details_values(self, hold, post=None, errors=None):
        """Return what the page shows: what was just sent in ``post``, else what was typed before."""
        typed = {**(hold.book_draft or {}), **self._read_texts(hold, post or {})}
        files = {answer.question_id: answer for answer in hold.answer_ids if answer.kind == "file"}
        questions = [
            {
                "question": question,
                "field": field,
                "value": typed.get(field, ""),
                "file": files.get(question, hold.answer_ids.browse()).value or "",
                "choices": question._get_choices(),
                "accept": question._get_file_accept() if question.kind == "file" else "",
                "described": self._get_described(question, field, errors or {}),
            }
            for field, question in self._get_fields(hold).items()
        ]
        return {
            "hold": hold,
            "needs_contact": self._needs_contact(hold),
            "customer": self._get_customer(hold),
            "may_sign_up": self._needs_contact(hold) and self._may_sign_up(),
            "contact": {name: typed.get(name, "") for name in CONTACT},
            "questions": questions,
            "note": typed.get("note", ""),
            "longest_note": LONGEST_NOTE,
            "errors": errors or {},
        }

    @api.model
    def _get_described(self, question, field, errors):
        """Return the ids of the texts that describe a field, None without any."""
        ids = [f"service_{field}_help"] if question.help_text else []
        ids += [f"service_{field}_error"] if errors.get(field) else []
        return " ".join(ids) or None

    @api.model
    def _get_fields(self, hold):
        """Return ``{field name: question}`` of what the shop asks."""
        return {f"q{question.id}": question for question in hold.offer_id.question_ids}

    # ------------------------------------------------------------------
    # What was typed
    # ------------------------------------------------------------------

    @api.model
    def _read_texts(self, hold, post):
        """Return the texts of ``post`` that belong to the page, by field; never the password."""
        names = [*CONTACT, "note", *self._get_fields(hold)]
        return {name: text_of(post, name)[:LONGEST_DRAFT] for name in names if isinstance(post.get(name), str)}

    @api.model
    def _keep_draft(self, hold, post):
        """Keep what was typed, right or wrong, so that nothing has to be typed twice; files that can be taken, too."""
        if hold._get_book_step() not in ("open", "ended"):
            return
        draft = {**(hold.book_draft or {}), **self._read_texts(hold, post)}
        if draft != (hold.book_draft or {}):
            hold.book_draft = draft
        answers, _errors = self._read_answers(hold, post)
        hold._store_answers({question: values for question, values in answers.items() if question.kind == "file"})

    @api.model
    def _read_answers(self, hold, post):
        """Return ``({question: values or None}, {field: error})``; a file that is here already need not come again."""
        here = hold.answer_ids.filtered("attachment_id").question_id
        answers, errors = {}, {}
        for field, question in self._get_fields(hold).items():
            answers[question], error = question._read_answer(post.get(field))
            if error and not (question in here and not getattr(post.get(field), "filename", "")):
                errors[field] = error
        return answers, errors

    # ------------------------------------------------------------------
    # Saving
    # ------------------------------------------------------------------

    @api.model
    def _save_details(self, hold, post):
        """Write the answers and make the draft order of ``hold``.

        :return: the credential to log in with, when an account was made; None else
        :raise FormRefused: with everything that is wrong
        """
        answers, wrong_answers = self._read_answers(hold, post)
        note = text_of(post, "note")
        errors = {
            **self._get_contact_errors(hold, post),
            **wrong_answers,
            "note": check_length(self.env, note, LONGEST_NOTE),
        }
        errors = {name: text for name, text in errors.items() if text}
        if errors:
            raise FormRefused(errors)
        hold.book_draft = {**(hold.book_draft or {}), **self._read_texts(hold, post)}
        hold._store_answers(answers)
        partner = self._save_partner(hold, post)
        hold._sync_order(partner, note)
        password = text_of(post, "password")
        if password and self._needs_contact(hold) and self._may_sign_up():
            return self._sign_up(hold, partner, password)
        return None

    @api.model
    def _get_contact_errors(self, hold, post):
        """Return what is wrong with a guest's name, e-mail and phone, ``{field: text}``."""
        return self._check_contact(post) if self._needs_contact(hold) else {}

    @api.model
    def _check_contact(self, post):
        """Return what is wrong with the name, the e-mail address and the phone in ``post``, ``{field: text}``."""
        name, email, phone = (text_of(post, field).strip() for field in CONTACT)
        return {
            "name": "" if name else self.env._("Please enter your name."),
            "email": "" if email_normalize(email) else self.env._("Please enter your e-mail address."),
            **{
                field: self.env._("At most %(longest)s characters.", longest=LONGEST_CONTACT)
                for field, text in zip(CONTACT, (name, email, phone), strict=True)
                if len(text) > LONGEST_CONTACT
            },
        }

    @api.model
    def _save_partner(self, hold, post):
        """Return the contact to book for: the user's own; for guests one of their own, never one found by e-mail.

        Nobody has proved that the address is his, so what a guest writes goes to no contact but the one of this very
        booking.
        """
        if not self._needs_contact(hold):
            customer = self._get_customer(hold)
            self._leave_guest(hold, customer)
            return customer
        values = {field: text_of(post, field).strip() for field in CONTACT}
        if hold.book_guest_id:
            hold.book_guest_id.write(values)
        else:
            values.update(company_id=hold.company_id.id, lang=self.env.lang, tz=hold.tz)
            hold.book_guest_id = self.env["res.partner"].create(values)
        return hold.book_guest_id

    @api.model
    def _leave_guest(self, hold, customer):
        """Give a guest's booking to the customer who has logged in; the contact made for the guest is put away."""
        if not self.env.user._is_public():
            hold._adopt(customer)
        guest = hold.book_guest_id
        if guest and guest != customer:
            hold.book_guest_id = False
            guest.active = False

    @api.model
    def _sign_up(self, hold, partner, password):
        """Make an account for the guest, as Odoo's own sign-up does, and return the credential to log in with.

        :raise FormRefused: Odoo says why not
        """
        login = email_normalize(partner.email)
        users = self.env["res.users"]
        taken = users.with_context(active_test=False).search_count(users._get_login_domain(login), limit=1)
        if taken:
            raise FormRefused({"password": self.env._("There is an account with this e-mail already. Log in instead.")})
        partner.signup_prepare()
        try:
            users.signup({"login": login, "password": password}, partner._generate_signup_token())
        except SignupError as refusal:
            raise FormRefused({"password": str(refusal)}) from refusal
        template = self.env.ref("auth_signup.mail_template_user_signup_account_created", raise_if_not_found=False)
        if template:
            template.send_mail(partner.user_ids[:1].id)
        hold._adopt(partner)
        return {"login": login, "password": password, "type": "password"}
