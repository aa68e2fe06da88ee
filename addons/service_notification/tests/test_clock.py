import doctest
from datetime import datetime

from odoo.tests import BaseCase

from odoo.addons.service_notification import clock, sms_segments
from odoo.addons.service_notification.sms_segments import count_segments

PARIS = clock.find_zone("Europe/Paris")


class TestClock(BaseCase):
    """Quiet hours and digests are hours of the local day, also where clocks change."""

    def test_night(self):
        """Quiet hours over midnight hold before and after it, and end at their last hour."""
        span = (datetime(2026, 1, 10, 20, 0), datetime(2026, 1, 11, 7, 0))
        for moment in (datetime(2026, 1, 10, 20, 0), datetime(2026, 1, 11, 2, 0), datetime(2026, 1, 11, 6, 59)):
            self.assertEqual(clock.find_quiet(moment, PARIS, 21, 8), span, moment)
        for moment in (datetime(2026, 1, 10, 19, 59), datetime(2026, 1, 11, 7, 0)):
            self.assertIsNone(clock.find_quiet(moment, PARIS, 21, 8), moment)

    def test_day(self):
        """Quiet hours within a day, with minutes; the same hour twice is none."""
        self.assertEqual(
            clock.find_quiet(datetime(2026, 1, 10, 12, 10), PARIS, 13, 14.5),
            (datetime(2026, 1, 10, 12, 0), datetime(2026, 1, 10, 13, 30)),
        )
        self.assertIsNone(clock.find_quiet(datetime(2026, 1, 10, 12, 0), PARIS, 13, 13))

    def test_clocks_change(self):
        """The night of the spring change ends at 8:00 by the new clock."""
        span = clock.find_quiet(datetime(2026, 3, 28, 23, 0), PARIS, 21, 8)
        self.assertEqual(span, (datetime(2026, 3, 28, 20, 0), datetime(2026, 3, 29, 6, 0)))

    def test_digests(self):
        """The daily one is at the next 8:00, the weekly one at the next Monday's, strictly later."""
        tuesday = datetime(2026, 3, 10, 15, 0)
        self.assertEqual(clock.next_digest(tuesday, PARIS, "daily"), datetime(2026, 3, 11, 7, 0))
        self.assertEqual(clock.next_digest(tuesday, PARIS, "weekly"), datetime(2026, 3, 16, 7, 0))
        self.assertEqual(clock.next_digest(datetime(2026, 3, 16, 7, 0), PARIS, "weekly"), datetime(2026, 3, 23, 7, 0))

    def test_zones(self):
        """An unknown zone is passed over; without any it is UTC."""
        self.assertEqual(clock.find_zone(False, "Moon/Crater", "Europe/Paris").key, "Europe/Paris")
        self.assertEqual(clock.find_zone("").key, "UTC")


class TestSegments(BaseCase):
    """Segments are counted as carriers do."""

    def test_gsm(self):
        """160 characters fit in one segment, then 153 each; the extended ones take two places and are not split."""
        for text, count in (("", 0), ("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3)):
            self.assertEqual(count_segments(text).count, count, len(text))
        self.assertEqual(count_segments("€" * 80), ("GSM-7", 160, 1))
        self.assertEqual(count_segments("€" * 81).count, 2)
        self.assertEqual(count_segments("a" * 152 + "€" + "a" * 152).count, 3)

    def test_ucs2(self):
        """One character outside of the alphabet makes it 70, then 67; beyond the first plane they take two."""
        self.assertEqual(count_segments("ж" * 70), ("UCS-2", 70, 1))
        self.assertEqual(count_segments("ж" * 71).count, 2)
        self.assertEqual(count_segments("🤿" * 35).count, 1)
        self.assertEqual(count_segments("a" * 69 + "ç" + "a").encoding, "UCS-2")

    def test_examples(self):
        """The examples of the docstrings are true."""
        for module in (clock, sms_segments):
            self.assertEqual(doctest.testmod(module).failed, 0)
