from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime, html2plaintext, plaintext2html

LONGEST_TEXT = 10_000
"""Characters of a note."""


class FsmOrder(models.Model):
    """The commands of the phone. Each is called as the user, on a job that is his to work on; ``at`` is naive UTC.

    A command refuses with a ``UserError`` that a technician understands. It may come late, twice in two ways from two
    phones, or after dispatch changed the job: what is already so is left so.
    """

    _inherit = "fsm.order"

    @api.model
    def _get_field_commands(self):
        """Return the names of the commands: ``x`` is ``_field_x(values, at)``. A hook: addons add theirs."""
        return {"start", "finish", "resume", "return", "note", "tick", "photo"}

    @api.model
    def _trim_field_values(self, _name, values):
        """Return of a command's values what is kept in the record of it: photos are kept as such, not here."""
        return {key: value for key, value in values.items() if key != "data"}

    def _field_start(self, values, at):
        """Begin the work. ``values["planned"]``: the planned start that the phone shows, ISO; another is a conflict."""
        if self.state == "in_progress":
            return
        self._check_field_state("assigned")
        self._check_field_plan(values.get("planned"))
        obstacles = self._get_begin_obstacles()
        if obstacles:
            raise UserError("\n".join(obstacles))
        first = not self.date_start
        self._update_state("in_progress")
        if first:
            self.date_start = at

    def _field_finish(self, values, at):
        """Complete the work. ``values``: ``done``, what was done, and ``note``, a note for dispatch.

        ``former`` are values that the phone took back after they had arrived: what is said now stands instead.
        """
        done, note = _text(values, "done"), _text(values, "note")
        if self.state not in ("completed", "closed"):
            self._check_field_state("assigned", "in_progress")
            self._update_state("completed")
            self.date_start = min(self.date_start or at, at)
            self.date_end = at
        self._write_resolution(done, _texts(values, "done"))
        self._post_field_note(note, _texts(values, "note"))

    def _field_resume(self, _values, _at):
        """Take the completion back: there is more to do."""
        if self.state != "in_progress":
            self._check_field_state("completed")
            self._update_state("in_progress")

    def _field_note(self, values, _at):
        """Write ``values["note"]`` down, for dispatch and whoever comes next; instead of ``former``, see ``finish``."""
        self._post_field_note(_text(values, "note"), _texts(values, "note"))

    def _write_resolution(self, done, former):
        """Add what was done, in the place of what the phone said before it and took back."""
        said = self.resolution or ""
        for text in former:
            said = said.removesuffix(self._fields["resolution"].convert_to_cache(plaintext2html(text), self))
        if done or former:
            self.resolution = said + (plaintext2html(done) if done else "")

    def _post_field_note(self, note, former=()):
        """Put a note into the chatter, for colleagues only, in the place of what the phone took back."""
        written = self._find_field_notes(former)
        if note and written:
            written[0].body = plaintext2html(note)
        elif note:
            self.message_post(body=plaintext2html(note), subtype_xmlid="mail.mt_note")
        written[bool(note) :].unlink()

    def _find_field_notes(self, texts):
        """Return the user's own notes in the chatter that say just that, the latest first, as superuser."""
        plain = {html2plaintext(plaintext2html(text)).strip() for text in texts}
        note = self.env.ref("mail.mt_note")
        return self.sudo().message_ids.filtered(  # sudo: to change what he has written himself
            lambda message: (
                plain
                and (message.author_id, message.subtype_id) == (self.env.user.partner_id, note)
                and html2plaintext(message.body or "").strip() in plain
            )
        )

    def _check_field_state(self, *states):
        """Raise when the job is in none of the states that a command wants.

        :raise UserError: says in which it is
        """
        if self.state in states:
            return
        labels = dict(self._fields["state"]._description_selection(self.env))
        raise UserError(
            self.env._(
                "%(job)s has been changed meanwhile, it is now: %(state)s. Ask dispatch if that surprises you.",
                job=self.name,
                state=labels.get(self.state, ""),
            )
        )

    def _check_field_plan(self, planned):
        """Raise when dispatch has moved the job since the phone was told its time.

        :param str planned: ISO, None of a phone that does not say
        :raise UserError: says to when
        """
        if not planned or not self.scheduled_date_start or planned == f"{self.scheduled_date_start.isoformat()}Z":
            return
        tz = self.person_id._get_field_tz()  # the phone shows that clock
        moment = format_datetime(self.env, self.scheduled_date_start, tz=tz, dt_format="short")
        raise UserError(
            self.env._(
                "Dispatch has moved %(job)s to %(time)s. Look again before you start.", job=self.name, time=moment
            )
        )


def _text(values, key):
    """Return a text among a command's values: "" when there is none, cut where nobody types any more."""
    value = values.get(key)
    return value.strip()[:LONGEST_TEXT] if isinstance(value, str) else ""


def _texts(values, key):
    """Return the texts of that name among what the phone took back."""
    return [text for one in values.get("former") or () if (text := _text(one, key))]
