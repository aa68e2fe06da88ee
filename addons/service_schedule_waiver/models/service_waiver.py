from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import is_html_empty


class ServiceWaiver(models.Model):
    """A text that customers sign before the work begins. Managers write a draft; what is signed is a version of it."""

    _name = "service.waiver"
    _description = "Waiver"
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, help="Customers read it as the heading.")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    body = fields.Html("Text", translate=True, help="The draft. Customers read it once it has been published.")
    version_ids = fields.One2many("service.waiver.version", "waiver_id", "Versions", readonly=True)
    version_id = fields.Many2one(
        "service.waiver.version", "Published Version", compute="_compute_version_id", help="What is signed at present."
    )
    has_changes = fields.Boolean(
        compute="_compute_has_changes", help="The draft differs from what was published, in some language."
    )
    offer_ids = fields.One2many("service.offer", "waiver_id", "Offers", readonly=True)
    signature_count = fields.Integer("Signatures", compute="_compute_signature_count")

    @api.depends("version_ids")
    def _compute_version_id(self):
        for waiver in self:
            waiver.version_id = waiver.version_ids.sorted("number")[-1:]

    @api.depends("name", "body", "version_ids")
    def _compute_has_changes(self):
        for waiver in self:
            is_written = bool(waiver.name) and not is_html_empty(waiver.body)
            waiver.has_changes = is_written and waiver._get_texts() != waiver.version_id.texts

    @api.depends("version_ids")
    def _compute_signature_count(self):
        counts = dict(
            self.env["service.waiver.signature"]._read_group(
                [("waiver_id", "in", self.ids)], ["waiver_id"], ["__count"]
            )
        )
        for waiver in self:
            waiver.signature_count = counts.get(waiver._origin, 0)

    @api.constrains("active")
    def _check_active(self):
        """A waiver that customers must sign cannot be put away."""
        for waiver in self.filtered(lambda waiver: not waiver.active and waiver.offer_ids):
            raise ValidationError(
                self.env._(
                    "%(waiver)s cannot be archived: these offers ask for it: %(offers)s",
                    waiver=waiver.name,
                    offers=", ".join(waiver.offer_ids.mapped("name")),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        """What was published may have been signed."""
        published = self.filtered("version_ids")
        if published:
            raise UserError(
                self.env._(
                    "%(waivers)s: has been published, so it cannot be deleted. Archive it instead.",
                    waivers=", ".join(published.mapped("name")),
                )
            )

    def copy_data(self, default=None):
        """Override of ``base`` to name the copy."""
        vals_list = super().copy_data(default)
        return [
            dict(vals, name=self.env._("%(name)s (copy)", name=waiver.name))
            for waiver, vals in zip(self, vals_list, strict=True)
        ]

    def _get_texts(self):
        """Return the draft in every installed language: ``{language code: {"name": text, "body": HTML}}``."""
        self.ensure_one()
        drafts = {code: self.with_context(lang=code) for code, _name in self.env["res.lang"].get_installed()}
        return {code: {"name": draft.name, "body": str(draft.body or "")} for code, draft in drafts.items()}

    def _publish(self):
        """Make the draft the version that is signed from now on, and return it.

        A draft that says what the published version says makes no new one.

        :raise UserError: there is no text
        """
        self.ensure_one()
        self.check_access("write")
        if is_html_empty(self.body):
            raise UserError(self.env._("%(waiver)s has no text yet. Write it, then publish.", waiver=self.name))
        if not self.has_changes:
            return self.version_id
        # sudo: nobody has rights to write versions, this is their only pen; the right to write the waiver was checked
        version = self.env["service.waiver.version"].sudo().create(self._prepare_version_values())
        return version.with_env(self.env)

    def _prepare_version_values(self):
        """Return the values of the next version."""
        return {
            "waiver_id": self.id,
            "number": self.version_id.number + 1,
            "texts": self._get_texts(),
            "published_on": fields.Datetime.now(),
            "published_by": self.env.uid,
        }

    def action_publish(self):
        """Publish the draft. For the form."""
        self._publish()

    def action_open_signatures(self):
        """Open what was signed."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "service_schedule_waiver.service_waiver_signature_action"
        )
        return {**action, "domain": [("waiver_id", "=", self.id)]}
