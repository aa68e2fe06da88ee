import logging

from odoo.http import Controller, request, route

from ..models.service_notification_twilio_receipt import PATH

_logger = logging.getLogger(__name__)

NO_ANSWER = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'
"""TwiML that answers nothing: Twilio itself answers STOP and START."""


class TwilioDoor(Controller):
    """Where Twilio brings the text messages that customers send to the shop's numbers."""

    @route(PATH, type="http", auth="public", methods=["POST"], csrf=False, save_session=False, sitemap=False)
    def receive(self, **post):
        """Take one message. It carries no CSRF token, for Twilio sends it; its signature is the right."""
        form = request.httprequest.form
        # sudo: Twilio is no user; its signature is checked before anything is done
        receipts = request.env["service.notification.twilio.receipt"].sudo()
        if not receipts._is_from_twilio(form, request.httprequest.headers.get("X-Twilio-Signature")):
            _logger.warning("A text message was refused: its Twilio signature is wrong")
            return request.make_response("", status=403)
        if not receipts._receive(form):
            return request.make_response("", status=400)
        return request.make_response(NO_ANSWER, [("Content-Type", "text/xml; charset=utf-8")])
