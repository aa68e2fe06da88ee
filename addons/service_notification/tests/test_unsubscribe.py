from urllib.parse import urlsplit

from odoo.tests import HttpCase, freeze_time, tagged

from .common import NOW, NotificationCase


@tagged("post_install", "-at_install")
class TestUnsubscribe(NotificationCase, HttpCase):
    """RFC 8058: one click of a mail program, a page for people, and nothing changes by looking."""

    def get_link(self):
        """Return the mail about the record, and the path of its unsubscribe link."""
        with freeze_time(NOW):
            mail = self.notify_and_send()
        return mail, urlsplit(mail["List-Unsubscribe"].strip("<>")).path

    def get_mode(self):
        """Return what the record has chosen, or None."""
        preference = self.env["service.notification.preference"].search([("partner_id", "=", self.record.id)])
        return preference.mode or None

    def test_headers(self):
        """A mail has both headers, and the same link in its foot."""
        mail, path = self.get_link()
        self.assertEqual(mail["List-Unsubscribe-Post"], "List-Unsubscribe=One-Click")
        self.assertIn(path, self.get_part(mail, "html"))
        self.assertIn(path, self.get_part(mail, "plain"))

    def test_looking_changes_nothing(self):
        """GET and HEAD, as by programs that check links, show a page with a button."""
        _mail, path = self.get_link()
        self.assertIn("Dives", self.url_open(path).text)
        self.url_open(path, method="HEAD")
        self.assertIsNone(self.get_mode())

    def test_one_click(self):
        """The POST of a mail program, without a session or CSRF token, switches it off; twice is once."""
        _mail, path = self.get_link()
        for _time in range(2):
            response = self.url_open(path, data={"List-Unsubscribe": "One-Click"})
            self.assertEqual(response.status_code, 200)
            self.assertEqual(self.get_mode(), "off")
        self.record.color = 1
        self.assertEqual(self.record._notify("test_dive"), 0)

    def test_again(self):
        """Who did it by mistake takes it back by a button."""
        _mail, path = self.get_link()
        self.url_open(path, data={"List-Unsubscribe": "One-Click"})
        self.url_open(path.replace("/unsubscribe/", "/subscribe/"), data={"x": "1"})
        self.assertEqual(self.get_mode(), "immediate")

    def test_forged(self):
        """A link that we did not sign opens nothing and does nothing."""
        _mail, path = self.get_link()
        for forged in (path[:-6] + "AAAAAA", "/notifications/unsubscribe/x", "/notifications/unsubscribe/%C3%A9"):
            response = self.url_open(forged, data={"List-Unsubscribe": "One-Click"})
            self.assertEqual(response.status_code, 404, forged)
        self.assertIsNone(self.get_mode())
