"""The door of the API: who calls, how often, once or twice, and what is written down about it."""

import time
from contextlib import closing, contextmanager
from hashlib import sha256

from psycopg2.errors import UniqueViolation

from odoo.addons.fastapi.fastapi_dispatcher import FastApiDispatcher
from odoo.addons.fastapi.pools import fastapi_app_pool

from .faults import FAULT
from .headers import check_idempotency_key, read_bearer, tidy_environ
from .problems import Problem, convert

OPEN_PATHS = ("/docs", "/openapi.json")
"""What can be read without a key."""


class ServiceApiDispatcher(FastApiDispatcher):
    """Dispatch of the routes below ``/api/v1``.

    One dispatcher lives as long as its request, also when Odoo carries it out again after a serialization failure: a
    call is counted and written down once.
    """

    routing_type = "service_api"

    def __init__(self, request):
        super().__init__(request)
        self.call = None
        self.began = time.monotonic()

    def dispatch(self, endpoint, args):
        """Override of ``fastapi`` to let in who has a key, count, answer twice what is asked twice, write down."""
        self.request.params = {}
        root = endpoint.routing["routes"][0].rstrip("/")
        environ = self._get_environ()
        # the documents' own examples end in a slash, some; both spellings are one address
        path = environ["PATH_INFO"].removeprefix(root).rstrip("/")
        environ["PATH_INFO"] = f"{root}{path or '/'}"
        try:
            if path in OPEN_PATHS:
                return self._run(root, environ, self.request.env.ref("base.public_user").id)
            self._admit()
            response = self._run_once(root, environ)
        except Exception as exc:
            problem = convert(exc)
            if problem is None:
                raise
            raise problem from exc
        self._end(response.status_code)
        response.headers.extend(self.call.headers)
        return response

    def handle_error(self, exc):
        """Override of ``fastapi``: a problem (RFC 9457), never a traceback."""
        problem = convert(exc) or Problem(500)
        response = problem.get_response()
        if self.call:
            self._end(problem.code, problem.body["detail"], is_over=True)
            response.headers.extend(self.call.headers)
        return response

    # ------------------------------------------------------------------
    # Who, and how often
    # ------------------------------------------------------------------

    def _admit(self):
        """Find out whose key it is and count the call; act in his name from here on.

        :raise Problem: 401 without a valid key, 429 when there were too many calls
        """
        env = self.request.env
        if self.call is None:
            authorization = self.request.httprequest.headers.get("Authorization", "")
            key = env["res.users.apikeys"].sudo()._find_for_api(read_bearer(authorization))
            with self._own_transaction(is_over=True) as calls:
                self.call = calls._begin(key, self.request.httprequest)
        if self.call.refusal:
            raise self.call.refusal
        self.request.update_env(user=self.call.uid, su=False)

    def _end(self, status, detail="", is_over=False):
        """Write down what became of the call, apart from the transaction of the call itself."""
        if not self.call.id:
            return
        milliseconds = int((time.monotonic() - self.began) * 1000)
        with self._own_transaction(is_over) as calls:
            calls._end(self.call, status, milliseconds, detail)

    @contextmanager
    def _own_transaction(self, is_over=False):
        """Give the block the trail on a cursor of its own, committed at the end.

        A readonly transaction is ended before: it has nothing to lose, and a replica need not keep its snapshot. So is
        one that ``is_over``: it has only read, or is refused.
        """
        env = self.request.env
        if env.cr.readonly or is_over:
            env.cr.rollback()
        with closing(env.registry.cursor()) as cr:
            yield env(cr=cr, su=True)["service.api.call"]
            cr.commit()  # pylint: disable=invalid-commit

    # ------------------------------------------------------------------
    # Running a route, twice is once
    # ------------------------------------------------------------------

    def _run(self, root, environ, uid):
        """Return the response of the route."""
        for known in (environ, self.request.httprequest.environ):  # Odoo reads headers from a copy of its own
            tidy_environ(known)
        with fastapi_app_pool.get_app(env=self.request.env, root_path=root) as app, self._manage_odoo_env(uid):
            environ.pop(FAULT, None)
            body = b"".join(app(environ, self._make_response))
            fault = environ.pop(FAULT, None) or self.inner_exception
            if fault:
                raise fault
            return self.request.make_response(body, headers=self.headers, status=int(self.status))

    def _run_once(self, root, environ):
        """Return the response of the route, or the first one of the same POST with the same ``Idempotency-Key``."""
        key = self.request.httprequest.headers.get("Idempotency-Key", "")
        if not key or environ["REQUEST_METHOD"] != "POST":
            return self._run(root, environ, self.call.uid)
        check_idempotency_key(key)
        answers = self.request.env["service.api.answer"].sudo()
        digest = self._digest(environ)
        # what the others have answered is in no snapshot taken before: after the wait a new transaction looks
        while answers._wait_for_twin(key):
            self.request.env.cr.rollback()
        stored = answers._find(key, digest)
        if stored:
            return self._replay(stored)
        response = self._run(root, environ, self.call.uid)
        try:
            answers._store(key, digest, response)
        except UniqueViolation:
            self.request.env.cr.rollback()
            return self._replay(answers._find(key, digest))
        return response

    def _digest(self, environ):
        """Return what tells one request of a key from another: the address and the body."""
        stream = environ["wsgi.input"]
        body = stream.read()
        stream.seek(0)
        return sha256(b"\0".join([environ["PATH_INFO"].encode(), body])).hexdigest()

    def _replay(self, stored):
        """Return the first answer once more."""
        headers = {**stored.headers, "Idempotency-Replayed": "true"}
        return self.request.make_response(stored.body.encode(), headers=list(headers.items()), status=stored.status)
