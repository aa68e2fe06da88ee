import json
import re
import shutil
import subprocess
from datetime import datetime, timedelta, timezone
from pathlib import Path
from unittest import skipUnless

from odoo.tests import BaseCase, tagged

from ..hooklib import signing

GUIDE = Path(__file__).parents[3] / "docs" / "webhooks.md"
BODY = '{"type":"test","text":"Grüße"}'
RUN = """
let text = "";
process.stdin.on("data", (chunk) => (text += chunk));
process.stdin.on("end", () => {
    const {secret, headers, body} = JSON.parse(text);
    try {
        verify(secret, headers, Buffer.from(body));
        console.log("genuine");
    } catch (error) {
        console.log(error.message);
    }
});
"""


@tagged("post_install", "-at_install")
class TestGuide(BaseCase):
    """What the guide tells developers to write does verify what we send, and refuses the rest."""

    def get_code(self, language):
        """Return the guide's example."""
        return re.search(rf"```{language}\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL).group(1)

    def make_cases(self):
        """Return `[(secret, headers, body, what comes of it)]`."""
        old, new = signing.make_secret(), signing.make_secret()
        now = datetime.now(timezone.utc)
        headers = signing.make_headers((new, old), "msg_1", now, BODY)
        late = signing.make_headers((new,), "msg_1", now - timedelta(minutes=6), BODY)
        return [
            (old, headers, BODY, "genuine"),
            (new, headers, BODY, "genuine"),
            (signing.make_secret(), headers, BODY, "no signature fits"),
            (new, headers, BODY.replace("test", "tesu"), "no signature fits"),
            (new, {**headers, "webhook-id": "msg_2"}, BODY, "no signature fits"),
            (new, {**headers, "webhook-signature": "v1,"}, BODY, "no signature fits"),
            (new, {**headers, "webhook-signature": "v1,é"}, BODY, "no signature fits"),
            (new, {**headers, "webhook-signature": "v1a,x v2"}, BODY, "no signature fits"),
            (new, late, BODY, "too old or too new"),
        ]

    def test_python(self):
        """The example in Python."""
        names = {}
        exec(compile(self.get_code("python"), str(GUIDE), "exec"), names)  # pylint: disable=exec-used
        for secret, headers, body, expected in self.make_cases():
            with self.subTest(headers=headers, expected=expected):
                if expected == "genuine":
                    self.assertEqual(names["verify"](secret, headers, body.encode()), json.loads(BODY))
                else:
                    with self.assertRaisesRegex(ValueError, expected):
                        names["verify"](secret, headers, body.encode())

    @skipUnless(shutil.which("node"), "by design: there is no Node on this machine")
    def test_node(self):
        """The example in Node."""
        for secret, headers, body, expected in self.make_cases():
            case = json.dumps({"secret": secret, "headers": headers, "body": body})
            done = subprocess.run(
                ["node", "-e", self.get_code("js") + RUN],
                input=case,
                capture_output=True,
                text=True,
                check=True,
                timeout=60,
            )
            with self.subTest(headers=headers, expected=expected):
                self.assertEqual(done.stdout.strip(), expected)
