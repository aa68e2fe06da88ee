from werkzeug.exceptions import NotFound

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools import py_to_js_locale

LONGEST = 48 * 1024 * 1024
"""Bytes of a request: some photos, which the phone made small before."""


class FieldController(http.Controller):
    """The technician's day: one page, one question and one door for all that is done."""

    @http.route("/field", type="http", auth="user")
    def field_page(self, technician=None, **_query):
        """Show the page; who comes in is decided when it asks for a day. Customers have no business here."""
        if not request.env.user.has_group("fieldservice.group_fsm_user_own"):
            raise NotFound()
        values = {"title": request.env._("My Day"), "app": self._prepare_app(technician)}
        response = request.render("fieldservice_schedule_day.field_page", values)
        response.headers["Cache-Control"] = "no-store"
        return response

    @http.route("/field/day", type="jsonrpc", auth="user", methods=["POST"], readonly=True)
    def field_day(self, day=None, technician=None, job=None, **_query):
        """Return a whole day: see ``fsm.person._get_field_day``.

        :param str day: ISO date; None is today on the technician's clock
        :param int technician: whose; None is the user's own
        :param int job: on whose day it is, None is nothing in particular
        """
        return request.env["fsm.person"]._find_field_technician(technician)._get_field_day(day, job)

    @http.route("/field/do", type="jsonrpc", auth="user", methods=["POST"], max_content_length=LONGEST)
    def field_do(self, commands=None, **_query):
        """Do what the phone sends, in order, each once; return what became of each: see ``field.command``."""
        if not request.env.user.has_group("fieldservice.group_fsm_user_own"):
            raise UserError(request.env._("Only field service users do this."))
        return request.env["field.command"]._apply_all(commands)

    def _prepare_app(self, technician):
        """Return what the page has to know before it asks: the language and its texts, and who looks."""
        lang = request.env.lang or "en_US"
        http_model = request.env["ir.http"]
        terms, parameters = http_model._get_translations_for_webclient(self._get_text_modules(), lang)
        return {
            "lang": py_to_js_locale(lang),
            "direction": (parameters or {}).get("direction", "ltr"),
            "terms": {
                module: {message["id"]: message["string"] for message in texts["messages"]}
                for module, texts in terms.items()
            },
            "technician": int(technician) if str(technician or "").isdecimal() else None,
            "user": {"id": request.env.uid, "name": request.env.user.name},
        }

    def _get_text_modules(self):
        """Return the addons that have files in the page's bundle, so that their texts are translated, too."""
        paths = request.env["ir.asset"]._get_asset_paths("fieldservice_schedule_day.assets", {})
        return sorted({path[0].strip("/").split("/")[0] for path in paths})
