import logging
import math
import uuid
from datetime import datetime, timedelta

from psycopg2 import OperationalError
from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError, MissingError, UserError

_logger = logging.getLogger(__name__)

MOST_TAKEN_BACK = 20
"""How often somebody takes one thing back that he has typed."""
MOST = 100
"""Commands in one request; a phone that was long without a line sends several requests."""
LONGEST_DELAY = timedelta(days=7)
"""How long a phone may have been without a line: what it says of older moments is not believed."""
REFUSALS = (UserError, AccessError, MissingError)
"""What a command may answer with a sentence of its own; all else is a fault. See Odoo's ``exceptions``: validation
errors, and so times that are taken, are user errors."""
TRIED_AGAIN = (OperationalError, ConcurrencyError)
"""What somebody else did at the same moment: Odoo runs the whole request once more."""
DEEPEST = 6
"""How far the values of a command are nested in each other."""


class FieldCommand(models.Model):
    """What a technician's phone has sent: each command is applied once, however often it arrives.

    A command ``x`` of a job is ``fsm.order._field_x(values, at)``; ``_get_field_commands`` lists those that there are.
    ``values["instead"]`` are the ids of commands that the phone took back while it had no line, not knowing whether
    they had arrived. ``_field_x`` finds the values of those that had in ``values["former"]``; the others never come
    to pass. What was refused is kept with all that was typed, for the dispatchers.
    """

    _name = "field.command"
    _description = "Command of a Technician's Phone"
    _order = "id desc"

    uuid = fields.Char("UUID", required=True, readonly=True)
    name = fields.Char("Command", required=True, readonly=True)
    job_id = fields.Many2one("fsm.order", readonly=True, ondelete="set null", index="btree_not_null")
    user_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    at = fields.Datetime("Done At", required=True, readonly=True, help="When it was done on the phone.")
    values = fields.Json(readonly=True)
    typed = fields.Text("What Was Typed", compute="_compute_typed")
    ok = fields.Boolean("Applied", readonly=True)
    error = fields.Text("Why Not", readonly=True)
    is_handled = fields.Boolean("Dealt With", readonly=True)

    _uuid_uniq = models.Constraint("UNIQUE (uuid)", "This command has been applied already.")
    _refused_idx = models.Index("(company_id) WHERE NOT ok AND NOT is_handled")

    @api.depends("values")
    def _compute_typed(self):
        for command in self:
            texts = [value for value in (command.values or {}).values() if isinstance(value, str)]
            command.typed = "\n".join(text for text in texts if text)

    @api.model
    def _apply_all(self, commands):
        """Apply commands in their order, each once and each for itself.

        :param commands: ``[{"id": UUID, "name", "job": id, "at": ISO instant, "values": dict}]``
        :return: ``[{"id", "ok", "error", "job"}]``: an error is a sentence; ``job`` is what the day shows of the job
            now, None when it is no longer the user's to see
        :raise UserError: this is no list of commands
        """
        if not isinstance(commands, list) or len(commands) > MOST:
            raise UserError(self.env._("Up to %(most)s commands are sent at once.", most=MOST))
        # sudo: nobody writes this record of what was sent by himself; rights are checked job by job
        commands_sudo = self.sudo()
        commands = [_read_command(command) for command in commands]
        ids = [command["id"] for command in commands if isinstance(command.get("id"), str)]
        done = {known.uuid: known for known in commands_sudo.search([("uuid", "in", ids)])}
        answers = []
        for command in commands:
            key = command.get("id")
            known = done.get(key) if isinstance(key, str) else None
            if known and known.user_id != self.env.user:
                known, command = None, {}
            record = known or self._apply_new(command)
            if record:
                done[record.uuid] = record
            answers.append((key, record))
        return self._prepare_answers(answers)

    @api.model
    def _apply_new(self, command):
        """Apply a command that was not known yet and return its record; empty when it cannot be one."""
        parsed = self._parse(command)
        if not parsed:
            return self.sudo()
        record = self._keep(parsed)
        parsed["values"] = {**parsed["values"], "former": self._take_back(parsed)}
        error = self._try(parsed)
        record.write({"ok": not error, "error": error})
        if error:
            _logger.info("Command %s of user %s was refused: %s", parsed["name"], self.env.uid, error)
        return record

    @api.model
    def _parse(self, command):
        """Return the values of a command's record; None of what is none."""
        name, job_id, values = command.get("name"), command.get("job"), command.get("values") or {}
        known = isinstance(name, str) and name in self.env["fsm.order"]._get_field_commands()
        # a bool is an int, and a larger int is in no table
        numbered = isinstance(job_id, int) and not isinstance(job_id, bool) and 0 < job_id < 2**31
        if not (known and numbered and isinstance(values, dict) and _is_uuid(command.get("id"))):
            return None
        return {
            "uuid": command["id"],
            "name": name,
            "job_id": job_id,
            "at": self._parse_moment(command.get("at")),
            "values": values,
        }

    @api.model
    def _parse_moment(self, text):
        """Return when something was done, naive UTC: never in the future, and not longer ago than one believes."""
        now = fields.Datetime.now()
        try:
            moment = datetime.fromisoformat(text)
            moment = (moment - (moment.utcoffset() or timedelta())).replace(tzinfo=None, microsecond=0)
        except (TypeError, ValueError, OverflowError):
            return now
        return moment if now - LONGEST_DELAY <= moment <= now else now

    @api.model
    def _keep(self, parsed):
        """Create the record of a command, before it is applied: who sends the same at the same moment waits here.

        :raise ConcurrencyError: somebody was quicker; Odoo asks once more, and then his answer can be read
        """
        job = self.env["fsm.order"].sudo().browse(parsed["job_id"]).exists()  # sudo: as in ``_apply_all``
        values = {
            **parsed,
            "job_id": job.id,
            "values": self.env["fsm.order"]._trim_field_values(parsed["name"], parsed["values"]),
            "user_id": self.env.uid,
            "company_id": (job.company_id or self.env.company).id,
        }
        try:
            with self.env.cr.savepoint():
                return self.sudo().create(values)
        except UniqueViolation:
            raise ConcurrencyError("The same command is being applied by another request.") from None

    @api.model
    def _take_back(self, parsed):
        """Return the values of the commands instead of which this one was sent, as far as they had arrived.

        Those that have not may still be on their way: they are kept as done, so that they are not done after this one.

        :raise ConcurrencyError: one arrives at this very moment; Odoo asks once more, and then it can be read
        """
        told = parsed["values"].get("instead")
        ids = [one for one in told if _is_uuid(one)] if isinstance(told, list) else []
        ids = list(dict.fromkeys(ids))[-MOST_TAKEN_BACK:]
        known = self.sudo().search([("uuid", "in", ids)], order="id")  # sudo: as in ``_apply_all``
        for missing in set(ids) - set(known.mapped("uuid")) - {parsed["uuid"]}:
            self._keep({**parsed, "uuid": missing, "values": {}}).ok = True
        same = known.filtered(
            lambda one: (
                one.ok and (one.user_id, one.name, one.job_id.id) == (self.env.user, parsed["name"], parsed["job_id"])
            )
        )
        return [one.values for one in same if one.values]

    @api.model
    def _try(self, parsed):
        """Apply a command; return the sentence why not, "" when it is applied. Refused, it leaves nothing behind.

        A fault of ours is logged, and refuses this command only: a phone sends in order, and would send it for ever.
        """
        try:
            with self.env.cr.savepoint():
                job = self.env["fsm.order"]._find_field_job(parsed["job_id"])
                getattr(job, f"_field_{parsed['name']}")(parsed["values"], parsed["at"])
        except REFUSALS as refusal:
            self.env.invalidate_all()
            return str(refusal)
        except TRIED_AGAIN:
            raise
        except Exception:
            _logger.exception("Command %s of user %s on job %s", parsed["name"], self.env.uid, parsed["job_id"])
            self.env.invalidate_all()
            return self.env._("The server could not do this. What you typed is kept; tell dispatch.")
        return ""

    @api.model
    def _prepare_answers(self, answers):
        """Return the answers to ``[(id, record)]``; the jobs are read at the end, once and as they are then."""
        jobs = self.env["fsm.order"].union(*(record.job_id for _key, record in answers if record.job_id))
        shown = {values["id"]: values for values in jobs.sudo(False)._filter_field_jobs()._get_day_values()}
        return [
            {
                "id": key,
                "ok": record.ok,
                "error": record.error or "" if record else self.env._("The phone sent what cannot be understood."),
                "job": shown.get(record.job_id.id),
            }
            for key, record in answers
        ]

    def action_handle(self):
        """Take refused commands from the list: somebody has dealt with them."""
        self.check_access("read")
        if not self.env.user.has_group("fieldservice.group_fsm_dispatcher"):
            raise AccessError(self.env._("Dispatchers deal with what was refused."))
        self.sudo().is_handled = True  # sudo: nobody writes commands; who may is checked here


def _is_uuid(text):
    """Return whether a text is a UUID as ``crypto.randomUUID`` writes it."""
    try:
        return isinstance(text, str) and str(uuid.UUID(text)) == text
    except ValueError:
        return False


def _read_command(command):
    """Return a command with nothing in it that a database cannot keep; {} of what is none, or is nested too deep."""
    try:
        return _mend(command) if isinstance(command, dict) else {}
    except ValueError:
        return {}


def _mend(value, depth=0):
    """Return a value of JSON without zero bytes, halves of characters, and numbers that are none.

    Phones cut a text in the middle of an emoji; what is left of it is still worth keeping.

    :raise ValueError: nested too deep
    """
    if depth > DEEPEST:
        raise ValueError("nested too deep")
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {_mend(key): _mend(one, depth + 1) for key, one in value.items()}
    if isinstance(value, list):
        return [_mend(one, depth + 1) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
