"""Exceptions on their way from a route to the dispatcher."""

from starlette.responses import Response

FAULT = "service_schedule_api.fault"
"""Where in the WSGI environment an exception stands."""


class HandOver:
    """ASGI middleware that hands an exception over to the dispatcher instead of letting it out of the app.

    a2wsgi loses one that comes while its other thread, which just gave the app the body, looks whether the app has
    ended: then there is neither an exception nor an answer.
    """

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        """Run the app; the answer that stands for an exception is sent to nobody."""
        try:
            await self.app(scope, receive, send)
        except Exception as exc:  # noqa: BLE001 whatever it is, the dispatcher raises it again
            scope["wsgi_environ"][FAULT] = exc
            await Response(status_code=500)(scope, receive, send)
