from functools import partial
from http import HTTPMethod
from operator import attrgetter

from fastapi import APIRouter, Depends
from starlette.middleware import Middleware

from odoo import api, fields, models

from ..faults import HandOver
from ..routers import ROUTERS
from ..schemas.common import ProblemBody

APP = "service_schedule"
VERSION = "1.0.0"
READING = [HTTPMethod.GET, HTTPMethod.HEAD]
LARGEST_BODY = 1024 * 1024
"""Bytes; the largest order has some thousand. What is larger is refused unread, also of who has no key."""


class FastapiEndpoint(models.Model):
    """The API as an app of OCA's `fastapi`, with a dispatcher and a readonly rule of its own."""

    _inherit = "fastapi.endpoint"

    app = fields.Selection(selection_add=[(APP, "Service Scheduling")], ondelete={APP: "cascade"})

    def _get_fastapi_routers(self) -> list[APIRouter]:
        """Override of ``fastapi`` to give the API's routers."""
        if self.app != APP:
            return super()._get_fastapi_routers()
        return list(ROUTERS)

    def _get_fastapi_app_dependencies(self) -> list[Depends]:
        """Override of ``fastapi``: every route but the documents' tells in the OpenAPI document that it wants a key."""
        if self.app != APP:
            return super()._get_fastapi_app_dependencies()
        return []

    def _get_fastapi_app_middlewares(self) -> list[Middleware]:
        """Override of ``fastapi``: what a route raises gets to the dispatcher, whatever the threads do."""
        return [Middleware(HandOver)] if self.app == APP else super()._get_fastapi_app_middlewares()

    def _prepare_fastapi_app_params(self):
        """Override of ``fastapi``: our own pages of documentation, which work without internet."""
        params = super()._prepare_fastapi_app_params()
        if self.app == APP:
            params |= {"version": VERSION, "docs_url": None, "redoc_url": None, "separate_input_output_schemas": False}
            params["generate_unique_id_function"] = attrgetter("name")
        return params

    def _get_app(self):
        """Override of ``fastapi`` to describe problems in the OpenAPI document: no route has them as its answer."""
        app = super()._get_app()
        if self.app == APP:
            app.openapi = partial(_describe, app, app.openapi)
        return app

    def _prepare_endpoint_rules(self, options=None):
        """Override of ``fastapi``: GET runs on the readonly cursor, which a replica can serve; all else does not."""
        rules = super()._prepare_endpoint_rules(options)
        return [part for rule, endpoint in zip(rules, self, strict=True) for part in endpoint._split_rule(rule)]

    def _split_rule(self, rule):
        """Return the rules of one endpoint: two for the API, by what a method does."""
        if self.app != APP:
            return [rule]
        routes = [f"{self.root_path}/", f"{self.root_path}/<anything:application_path>"]
        routing = {**self._get_routing_info(), "type": "service_api", "save_session": False, "routes": routes}
        routing["max_content_length"] = LARGEST_BODY
        options = self._default_endpoint_options()
        parts = (("read", READING, True), ("change", sorted(set(HTTPMethod) - set(READING)), False))
        return [
            self._endpoint_registry.make_rule(
                f"{rule.key}:{name}",
                rule.route,
                options,
                {**routing, "methods": methods, "readonly": readonly},
                hash((rule.route, name)),
                route_group=self.route_group,
            )
            for name, methods, readonly in parts
        ]

    def _registered_endpoint_rule_keys(self):
        """Override of ``fastapi``: the keys of both rules."""
        keys = super()._registered_endpoint_rule_keys()
        return tuple(
            part
            for key, endpoint in zip(keys, self, strict=True)
            for part in ([f"{key}:read", f"{key}:change"] if endpoint.app == APP else [key])
        )

    @api.model
    def _register_api(self):
        """Make the routes of the API known, when the addon is installed or updated."""
        self.env.ref("service_schedule_api.endpoint")._handle_registry_sync()


def _describe(app, describe):
    """Return the OpenAPI document of the app, with what problems look like."""
    document = app.openapi_schema or describe()
    schemas = document["components"]["schemas"]
    if ProblemBody.__name__ not in schemas:
        problem = ProblemBody.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas.update(problem.pop("$defs"))
        schemas[ProblemBody.__name__] = problem
    return document
