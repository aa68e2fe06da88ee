from unittest.mock import patch

from a2wsgi.asgi import ASGIResponder

from odoo.tests import tagged

from .common import ApiCase


@tagged("post_install", "-at_install")
class TestFaults(ApiCase):
    def test_nothing_leaves_the_app(self):
        """No exception gets to a2wsgi, which loses one now and then; the problem is told nevertheless."""
        ended = []
        notice = ASGIResponder.asgi_done_callback

        def end(responder, future):
            ended.append(future.exception())
            notice(responder, future)

        with patch.object(ASGIResponder, "asgi_done_callback", end):
            self.expect(self.call("POST", "/orders", self.ann, {"colour": "red"}), 400)
            self.fetch("/orders/1/2/3", self.ann, 404)
            self.fetch(f"/orders/{2**31 - 1}", self.ann, 404)
            self.fetch(f"/orders/shop/{self.point.id}", self.ann, 403)
        self.assertEqual(ended, [None] * 4)
