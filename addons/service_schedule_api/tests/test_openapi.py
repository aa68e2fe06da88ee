import json
import tempfile
from pathlib import Path

from odoo.tests import tagged

from .common import ApiCase

COMMITTED = Path(__file__).parent.parent / "openapi.json"


@tagged("post_install", "-at_install")
class TestOpenApi(ApiCase):
    def test_committed(self):
        """The document that is served is the one in openapi.json: a change of the contract is seen in review."""
        served = self.url_open("/api/v1/openapi.json").json()
        text = json.dumps(served, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
        if text != COMMITTED.read_text():
            new = Path(tempfile.gettempdir()) / "openapi.json"
            new.write_text(text)
            self.fail(f"The contract has changed. If that is meant: cp {new} {COMMITTED}")

    def test_complete(self):
        """Every call says what it does, names itself, and describes every answer that it may give."""
        document = self.url_open("/api/v1/openapi.json").json()
        names = []
        for path, calls in document["paths"].items():
            for method, call in calls.items():
                with self.subTest(f"{method} {path}"):
                    names.append(call["operationId"])
                    self.assertTrue(call["description"] and call["tags"])
                    self.assertLessEqual({"400", "401", "403", "404", "429"}, set(call["responses"]))
                    self.assertEqual(call["security"], [{"key": []}])
        self.assertEqual(len(set(names)), len(names))

    def test_docs_page(self):
        """The page of documentation loads nothing that is not ours, and wants no key."""
        page = self.url_open("/api/v1/docs")
        self.assertEqual(page.status_code, 200)
        self.assertNotIn("://", page.text)
        for name in ("docs.js", "docs.css"):
            self.assertIn(f"/service_schedule_api/static/docs/{name}", page.text)
            self.assertEqual(self.url_open(f"/service_schedule_api/static/docs/{name}").status_code, 200)
