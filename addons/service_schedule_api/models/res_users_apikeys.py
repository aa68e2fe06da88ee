from collections import namedtuple
from hashlib import sha256

from odoo import api, fields, models, tools
from odoo.exceptions import AccessDenied
from odoo.tools import SQL

from odoo.addons.base.models.res_users import INDEX_SIZE, KEY_CRYPT_CONTEXT

SCOPE = "service_schedule.api"
"""Of keys that open this API and nothing else."""

ApiKey = namedtuple("ApiKey", ["id", "name", "user_id", "limit", "is_share"])


class ResUsersApikeys(models.Model):
    """Odoo's API keys, with what this API wants to know of them."""

    _inherit = "res.users.apikeys"

    api_limit = fields.Integer(
        "Calls a Minute", help="Of the scheduling API. 0 is as many as the settings allow for its kind of user."
    )
    api_used_at = fields.Datetime("Last Used", compute="_compute_api_used_at", help="For the scheduling API.")

    def init(self):
        """Override of ``base``, which makes the table itself, to add what its users may not see but we need.

        Other models are made after this one, with tables and all fields of their own: `auth_totp`'s trusted devices.
        """
        result = super().init()
        table = SQL.identifier(self._table)
        self.env.cr.execute(SQL("ALTER TABLE %s ADD COLUMN IF NOT EXISTS api_limit integer", table))
        return result

    def _compute_api_used_at(self):
        # sudo: who may see a key may know when it was used
        groups = (
            self.env["service.api.call"]
            .sudo()
            ._read_group([("key_ref", "in", self.ids)], ["key_ref"], ["began_at:max"])
        )
        last = dict(groups)
        for key in self:
            key.api_used_at = last.get(key.id)

    @api.model
    def _find_for_api(self, key):
        """Return the ``ApiKey`` that a client showed, None when it is not valid: revoked, expired, of another scope …

        Whether it is valid is asked each time; only which key it is, the costly comparison, is remembered.
        """
        try:
            key_id = self._identify(sha256(key.encode()).hexdigest(), key) if key else 0
        except AccessDenied:
            return None
        rows = self.env.execute_query(
            SQL(
                """SELECT k.id, k.name, k.user_id, COALESCE(k.api_limit, 0), u.share
                     FROM res_users_apikeys k JOIN res_users u ON u.id = k.user_id
                    WHERE k.id = %s AND u.active AND (k.scope IS NULL OR k.scope = %s)
                      AND (k.expiration_date IS NULL OR k.expiration_date >= now() AT TIME ZONE 'utc')""",
                key_id,
                SCOPE,
            )
        )
        return ApiKey(*rows[0]) if rows else None

    @api.model
    @tools.ormcache("digest")
    def _identify(self, digest, key):
        """Return the id of a key; ``AccessDenied``, which is not remembered, for one that there is not."""
        for key_id, hashed in self.env.execute_query(
            SQL("SELECT id, key FROM res_users_apikeys WHERE index = %s", key[:INDEX_SIZE])
        ):
            if KEY_CRYPT_CONTEXT.verify(key, hashed):
                return key_id
        raise AccessDenied()
