import io

from pypdf import PdfReader

from odoo.tests import HttpCase, tagged

from .common import NINE, WalkCase, make_photo


class TestSummary(WalkCase):
    def test_title(self):
        """The title counts what was found, in words that fit the number."""
        self.see(self.vans)
        self.walk._update_state("completed")
        self.assertEqual(self.walk._get_walk_title(), "Lot walk complete - nothing found")
        for count, title in ((1, "Lot walk complete - 1 repair found"), (2, "Lot walk complete - 2 repairs found")):
            self.find(van=self.vans[count])
            self.walk._update_state("completed")
            self.walk.invalidate_recordset()
            self.assertEqual(self.walk._get_walk_title(), title)

    def test_summary(self):
        """The summary has everything: damaged, seen and left units, what was done and what it costs together."""
        self.find(van=self.vans[2], done=True)
        self.find(self.crack, van=self.vans[2])
        self.see(self.vans[0])
        self.walk.with_user(self.user_maria)._finish_walk(leave_open=True)
        s = self.walk._get_walk_summary()
        self.assertEqual(s["seen"].equipment_id, self.vans[0])
        self.assertEqual(s["left"].equipment_id, self.vans[1] | self.vans[3])
        self.assertEqual([len(findings) for _row, findings in s["damaged"]], [0, 0, 2, 0])
        self.assertEqual([job._get_state_label() for job in s["findings"]], ["Repaired", "To be planned"])
        self.assertEqual((len(s["done"]), len(s["totals"])), (1, 1))
        self.assertIn("130.00", s["totals"][0])

    def test_planned_finding(self):
        """The customer reads when an open repair is planned."""
        finding = self.find()
        finding.write({"person_id": self.maria.id, "scheduled_date_start": NINE.replace(hour=14)})
        self.assertEqual(finding._get_state_label(), "Planned for Monday, October 20, 2031 at 2:00 PM")

    def test_in_the_customers_language(self):
        """What the customer reads is in his language, whoever finishes the walk: titles are translated when asked."""
        self.env["res.lang"]._activate_lang("de_DE")
        self.customer.lang = "de_DE"
        self.find()
        self.see(self.vans)
        self.walk.with_user(self.user_maria)._finish_walk()
        self.walk.date_start = NINE
        reader = self.walk.with_context(lang="de_DE")
        self.assertIn("2031", reader._get_walk_day())
        self.assertIn("Oktober", reader._get_walk_day())


@tagged("post_install", "-at_install")
class TestFile(WalkCase, HttpCase):
    """The file of the summary, by the real wkhtmltopdf, which asks this server for its styles."""

    def test_pdf(self):
        """It opens, and says what was found, on which units, at what price, and what is open; with the photos."""
        self.find(self.crack, van=self.vans[1], note="driver's side", photos=[make_photo()])
        self.find(van=self.vans[2], count=2, done=True)
        self.see(self.vans[3])
        self.walk.with_user(self.user_maria)._finish_walk(leave_open=True)
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        content, kind = report._render_qweb_pdf("fieldservice_schedule_walk.fsm_walk_report", self.walk.ids)
        self.assertEqual(kind, "pdf")
        reader = PdfReader(io.BytesIO(content))
        text = " ".join("\n".join(page.extract_text() for page in reader.pages).split())
        for words in (
            "Lot walk complete - 2 repairs found",
            "Harbour Fleet",
            "Lot 3",
            "Van #V-002",
            "Crack",
            "driver's side",
            "80.00",
            "2 \N{MULTIPLICATION SIGN} Chip",
            "Repaired",
            "To be planned",
            "180.00",
            "Not looked at",
            "Van #V-001",
        ):
            self.assertIn(words, text)
        self.assertEqual(sum(len(page.images) for page in reader.pages), 1 + bool(self.company.logo_web))
