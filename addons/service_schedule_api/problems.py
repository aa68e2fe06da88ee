"""Refusals as RFC 9457 tells them: which exception becomes which problem."""

import http
import json

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException as StarletteException
from werkzeug.exceptions import HTTPException

from odoo.exceptions import AccessDenied, AccessError, LockError, MissingError, UserError, ValidationError
from odoo.http import Response

from odoo.addons.sale_service_schedule.exceptions import FormRefused
from odoo.addons.service_schedule.exceptions import NotBookable
from odoo.addons.service_schedule.schedlib import Reason

MEDIA_TYPE = "application/problem+json"
MOST_ERRORS = 50
"""So many are told of a body or of parameters: a body of nonsense shall not get an answer larger than itself."""
TITLES = {
    400: "The request cannot be read",
    401: "A valid key is needed",
    403: "You may not do this",
    404: "There is no such thing, or it is not yours",
    409: "It cannot be done now",
    412: "It has changed meanwhile",
    413: "The body is too large",
    422: "A rule says no",
    428: "The request needs a condition",
    429: "Too many requests",
    500: "Something went wrong on our side",
}


class Problem(HTTPException):
    """A refusal on its way out. As one of werkzeug's exceptions it is no fault for Odoo's log."""

    def __init__(self, status, detail="", *, errors=(), alternatives=None, headers=None):
        """Make a problem.

        :param int status: of HTTP
        :param str detail: for people, translated
        :param errors: ``[(field, sentence)]``
        :param alternatives: other times that are free, ``[{"start", "end", …}]``; None where no time was asked for
        :param dict headers: to add to the answer
        """
        self.code = status
        body = {
            "type": f"urn:service-schedule:problem:{status}",
            "title": TITLES.get(status) or http.HTTPStatus(status).phrase,
            "status": status,
            "detail": detail or TITLES.get(status) or http.HTTPStatus(status).phrase,
            "errors": [{"field": field, "detail": text} for field, text in errors],
        }
        if alternatives is not None:
            body["alternatives"] = alternatives
        self.body = body
        self.extra = headers or {}
        response = Response(json.dumps(body), status=status, content_type=MEDIA_TYPE, headers=self.extra)
        super().__init__(body["detail"], response=response)


def convert(exc):
    """Return the ``Problem`` of an exception, None for what is a fault of ours or of the database."""
    if isinstance(exc, Problem):
        return exc
    if isinstance(exc, RequestValidationError):
        return _convert_unreadable(exc)
    if isinstance(exc, (StarletteException, HTTPException)):
        status = exc.status_code if isinstance(exc, StarletteException) else exc.code
        return Problem(status or 500, headers=dict(getattr(exc, "headers", None) or {}))
    if isinstance(exc, UserError):
        return _convert_refusal(exc)
    return None


def _convert_refusal(exc):
    """Return the problem of one of Odoo's exceptions for users."""
    text = str(exc.args[0]) if exc.args else ""
    if isinstance(exc, FormRefused):
        return Problem(422, text, errors=exc.errors.items())
    if isinstance(exc, NotBookable):
        codes = [str(reason.value) for reason in exc.reasons]
        status = 409 if {Reason.WRONG_STATE, Reason.FULL} & set(exc.reasons) else 422
        return Problem(status, text, errors=[("reason", code) for code in codes])
    statuses = ((AccessError, 403), (AccessDenied, 403), (MissingError, 404), (LockError, 409), (ValidationError, 422))
    for kind, status in statuses:
        if isinstance(exc, kind):
            # what core says of rights names models and records, which is nothing for clients
            return Problem(status, "" if status in (403, 404) else text)
    return Problem(409, text)


def _convert_unreadable(exc):
    """Return the problem of a body or of parameters that pydantic refused."""
    errors = [(".".join(str(part) for part in error["loc"]), str(error["msg"])) for error in exc.errors()[:MOST_ERRORS]]
    return Problem(400, errors=errors)
