import base64
import binascii

from odoo import api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError
from odoo.tools import SQL, consteq, format_date, hmac
from odoo.tools.image import image_process

from ..exceptions import WaiverChanged, WaiverRefused

LONGEST_NAME = 100
LARGEST_PICTURE = 1_000_000
PICTURE_SIZE = (1200, 600)
SHORT = 18
"""Hexadecimal digits of the code in a short address."""
PNG = b"\x89PNG\r\n\x1a\n"


class ServiceReservation(models.Model):
    _inherit = "service.reservation"

    def _get_waiver_step(self, now=None):
        """Return where the signing is: ``signed``, ``gone`` (cancelled or lost), ``none`` (nothing to sign),
        ``held`` (not confirmed yet), ``over``, ``early`` (the day has not come) or ``open``.

        :param datetime now: aware UTC; None is this moment
        """
        self.ensure_one()
        if self._get_waiver_signature():
            return "signed"
        if not self.offer_id.waiver_id:
            return "none"
        if self.state == "held":
            return "held"
        if self.state == "confirmed":
            return "open" if self._is_waiver_day(now) else "early"
        return "over" if self.state in ("done", "no_show") else "gone"

    def _get_waiver_news(self, step):
        """Return what people read at a step of ``_get_waiver_step``, False where there is nothing to say."""
        self.ensure_one()
        texts = {
            "none": self.env._("There is nothing to sign for this appointment."),
            "held": self.env._("This appointment is not confirmed yet. It can be signed when it is, on its day."),
            "over": self.env._("This appointment is over, so there is nothing to sign any more."),
            "gone": self.env._("This appointment does not take place, so there is nothing to sign."),
            "early": self.env._(
                "You can sign on the day of your appointment, %(day)s.",
                day=format_date(self.env, self._get_waiver_day(), date_format="full"),
            ),
        }
        return texts.get(step, False)

    def _sign_waiver(self, *, name, version, channel, picture=None, now=None):
        """Take a signature and return it. Signing twice is one signature: the second call returns the first.

        Callers check that the user may act for this reservation; what is allowed when is checked here.

        :param str name: what the signer typed
        :param version: the ``service.waiver.version`` that he read
        :param str channel: ``portal`` or ``tablet``
        :param str picture: a PNG in base64; empty is the typed name alone
        :param datetime now: aware UTC; None is this moment
        :raise WaiverRefused: cannot be signed now, or something is missing
        :raise WaiverChanged: another version was published meanwhile
        """
        self.ensure_one()
        self._wait_for_twin()
        signature = self._get_waiver_signature()
        if signature:
            return signature
        step = self._get_waiver_step(now)
        if step != "open":
            raise WaiverRefused(self._get_waiver_news(step))
        name = " ".join((name or "").split())[:LONGEST_NAME]
        if not name:
            raise WaiverRefused(self.env._("Type your full name to sign."))
        if not version or version != self.offer_id.waiver_id.version_id:
            raise WaiverChanged(self.env._("The text has changed meanwhile. Please read it again, then sign."))
        values = self._prepare_signature_values(name, version, channel, self._read_picture(picture))
        # sudo: nobody has rights to write signatures, this is their only pen; the rules have been checked
        signature = self.env["service.waiver.signature"].sudo().create(values)
        self._record("waiver_signed", {"waiver_day": signature.day}, "")
        # sudo: nobody but the system may start jobs; the document is made at once, yet nobody waits for it
        self.env.ref("service_schedule_waiver.ir_cron_make_documents").sudo()._trigger()
        return signature

    def _wait_for_twin(self):
        """Let one signature of a reservation be taken at a time, as a double click sends two.

        What the other request has signed is in no snapshot taken before: after waiting for it, this one is made to
        start again. The unique constraint stays the judge.

        :raise ConcurrencyError: Odoo repeats the request
        """
        key = self._get_signing_key()
        [(is_alone,)] = self.env.execute_query(SQL("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", key))
        if not is_alone:
            self.env.execute_query(SQL("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", key))
            raise ConcurrencyError(self.env._("The waiver is being signed by another request."))

    def _get_signing_key(self):
        """Return what the lock of ``_wait_for_twin`` is made from."""
        self.ensure_one()
        return f"service.waiver.signature {self.id}"

    def _prepare_signature_values(self, name, version, channel, picture):
        """Return the values of the signature."""
        return {
            "reservation_id": self.id,
            "day": self._get_waiver_day(),
            "version_id": version.id,
            "lang": version._get_lang(self.env.lang),
            "signer": name,
            "signed_on": fields.Datetime.now(),
            "tz": self.tz,
            "signature": picture,
            "channel": channel,
            "user_id": self.env.uid,
        }

    @api.model
    def _read_picture(self, picture):
        """Return a signature's picture (base64) made small and clean, False for none.

        :raise WaiverRefused: it is no picture
        """
        if not picture:
            return False
        try:
            if len(picture) > LARGEST_PICTURE:
                raise ValueError("too large")
            source = base64.b64decode(picture, validate=True)
            if not source.startswith(PNG):
                raise ValueError("not a PNG")
            return base64.b64encode(image_process(source, size=PICTURE_SIZE, output_format="PNG"))
        except (binascii.Error, ValueError, OSError) as error:
            raise WaiverRefused(self.env._("The signature could not be read. Please sign again.")) from error

    # ------------------------------------------------------------------
    # Doors: links for customers, the tablet of the shop
    # ------------------------------------------------------------------

    def _get_waiver_url(self, with_token=False):
        """Return the path of the customer's page; ``with_token`` for people who do not log in."""
        self.ensure_one()
        token = f"?token={self._get_token()}" if with_token else ""
        return f"/my/waiver/{self.public_id}{token}"

    def _get_customer_links(self):
        """Override of ``service_schedule`` to lead to the waiver."""
        links = super()._get_customer_links()
        state = self.state == "confirmed" and self._get_waiver_state()
        if state in ("missing", "signed"):
            label = self.env._("Sign the waiver") if state == "missing" else self.env._("Your signed waiver")
            links.append((label, self._get_waiver_url(with_token=True)))
        return links

    def _get_pending_tasks(self):
        """Override of ``service_schedule``: the waiver, as long as it is missing; it can be signed from the day on."""
        tasks = super()._get_pending_tasks()
        if self.state != "confirmed" or self._get_waiver_state() != "missing":
            return tasks
        waiver = self.offer_id.waiver_id.version_id.name
        if self._is_waiver_day():
            sentence = self.env._("Please sign “%(waiver)s” before your visit:", waiver=waiver)
        else:
            sentence = self.env._("Please sign “%(waiver)s” on the day, before your visit:", waiver=waiver)
        url = f"{self.get_base_url()}{self._get_waiver_url(with_token=True)}"
        return [*tasks, (sentence, self.env._("Sign the waiver"), url)]

    def _get_pending_notes(self):
        """Override of ``service_schedule``: the waiver, as long as it is missing."""
        notes = super()._get_pending_notes()
        if self.state != "confirmed" or self._get_waiver_state() != "missing":
            return notes
        return [*notes, self.env._("Sign the waiver: %(url)s", url=self._get_waiver_short_url())]

    def _get_waiver_short_url(self):
        """Return a whole address of the customer's page that takes little of a text message."""
        self.ensure_one()
        return f"{self.get_base_url()}/w/{self.id}-{self._get_short_code()}"

    def _get_short_code(self):
        """Return the secret part of the short address: 72 bits, for it is the only thing that somebody must guess."""
        self.ensure_one()
        return hmac(self.env(su=True), "service.waiver.short", self.public_id)[:SHORT]

    @api.model
    def _find_by_short_code(self, reservation_id, code):
        """Return the reservation of a short address as superuser, empty when it is not one of ours."""
        # sudo: who has the address may open what it leads to
        found = self.sudo().browse(reservation_id).exists()
        is_ours = found and consteq(found._get_short_code().encode(), code.encode())
        return found if is_ours else found.browse()

    def action_sign_waiver(self):
        """Open the full-screen page on which the customer signs."""
        self.ensure_one()
        action = self.env["ir.actions.client"]._for_xml_id("service_schedule_waiver.service_waiver_tablet_action")
        return {**action, "context": {"active_id": self.id}}

    def get_waiver_form(self):
        """Return what the tablet shows, for staff who may see the reservation.

        ``step`` is ``_get_waiver_step``'s; ``title`` and ``body`` are the text to sign or, once signed, as signed.
        """
        self.ensure_one()
        reservation = self._get_for_tablet()
        step = reservation._get_waiver_step()
        signature = reservation._get_waiver_signature()
        version = signature.version_id or reservation.offer_id.waiver_id.version_id
        text = signature._get_text() if signature else version._get_text(self.env.lang)
        return {
            "step": step,
            "news": reservation._get_waiver_news(step),
            "reservation": reservation.display_name,
            "point": reservation.point_id.name,
            "customer": reservation.partner_id.name or "",
            "version_id": version.id,
            "number": version.number,
            "title": text["name"],
            "body": text["body"],
            "signed": reservation._get_waiver_label() if signature else False,
        }

    def sign_waiver_on_tablet(self, name, version_id, picture):
        """Take a customer's signature on the shop's tablet and return ``get_waiver_form``'s answer.

        :param str picture: a PNG in base64
        :raise WaiverRefused, WaiverChanged: as ``_sign_waiver``
        """
        self.ensure_one()
        reservation = self._get_for_tablet()
        if not picture:
            raise WaiverRefused(self.env._("Please sign in the box."))
        version = reservation.env["service.waiver.version"].browse(version_id).exists()
        reservation._sign_waiver(name=name, version=version, channel="tablet", picture=picture)
        return self.get_waiver_form()

    def _get_for_tablet(self):
        """Return this reservation as superuser, after checking that the user is staff who may see it."""
        self.check_access("read")
        if not self.env.user.has_group("service_schedule.group_technician"):
            raise AccessError(self.env._("Only the staff of the service point can hand the tablet over."))
        return self.sudo()
