import io
import re
from pathlib import Path

from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import trans_export

ADDONS = Path(__file__).parents[2] / "addons"
TERMS = re.compile(r'^msgid ((?:".*"\n)+)', re.MULTILINE)


def terms_of(text):
    """Return the source terms of a template, however its lines are broken."""
    return {"".join(line[1:-1] for line in term.splitlines()) for term in TERMS.findall(text)}


@tagged("post_install", "-at_install")
class TestTranslations(TransactionCase):
    def test_templates_are_current(self):
        """Translators are given every text that users see, and none that is gone; `make pot` brings them in line."""
        names = sorted(path.parent.name for path in ADDONS.glob("*/__manifest__.py"))
        installed = self.env["ir.module.module"].search([("name", "in", names), ("state", "=", "installed")])
        self.assertEqual(sorted(installed.mapped("name")), names)
        for name in names:
            with self.subTest(addon=name):
                buffer = io.BytesIO()
                trans_export(False, [name], buffer, "po", self.env)
                path = ADDONS / name / "i18n" / f"{name}.pot"
                kept = terms_of(path.read_text()) if path.exists() else set()
                found = terms_of(buffer.getvalue().decode())
                self.assertEqual((found - kept, kept - found), (set(), set()), "missing, gone: run `make pot`")
