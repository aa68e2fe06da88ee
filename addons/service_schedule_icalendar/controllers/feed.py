from odoo.http import Controller, content_disposition, request, route

KIND = ("Content-Type", "text/calendar; charset=utf-8")


class CalendarFeed(Controller):
    @route(
        "/service/calendar/<string:token>.ics", type="http", auth="public", methods=["GET", "HEAD"], save_session=False
    )
    def calendar_feed(self, token, **query):
        """Return the calendar of a secret address, for a calendar program; 304 when it has it as it is.

        Times are on the service points' clocks with their zones. 404 for an address that is not, or not any more.
        """
        feed = request.env["service.calendar.feed"]._find_by_token(token)
        if not feed:
            raise request.not_found()
        headers = [KIND, ("Cache-Control", "private, no-cache"), ("X-Robots-Tag", "noindex")]
        response = request.make_response(feed._read_feed(), headers)
        response.add_etag()
        return response.make_conditional(request.httprequest)

    @route(
        "/service/reservation/<string:public_id>.ics",
        type="http",
        auth="public",
        methods=["GET", "HEAD"],
        save_session=False,
    )
    def calendar_file(self, public_id, token="", **query):
        """Return one appointment for the customer's own calendar: by the token of a link, or because it is his."""
        reservations = request.env["service.reservation"]
        found = reservations._find_by_token(public_id, token) if token else reservations._find_own(public_id)
        if not found or found.state == "held":  # nothing to come to yet
            raise request.not_found()
        disposition = ("Content-Disposition", content_disposition("appointment.ics"))
        return request.make_response(
            found._get_calendar_file(), [KIND, disposition, ("Cache-Control", "private, no-cache")]
        )
