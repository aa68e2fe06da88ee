"""What no phone sends, at the door of the technicians' commands: each is answered for itself, and holds nothing up."""

import json
import uuid

from freezegun import freeze_time
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.fieldservice_schedule_day.tests.common import DayCase

KEYS = ["reason", "note", "item", "done", "data", "planned", "unit", "damage", "count", "photos", "number"]
ATOMS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(st.characters(), max_size=8),
    st.sampled_from(["\0", "\ud83d", "todo:0:", "activity:", "activity:x", "part", "9" * 400, -1, 2**31, 2**64]),
)
JSON = st.recursive(
    ATOMS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
VALUES = st.dictionaries(st.sampled_from(KEYS), JSON, max_size=4) | JSON
NAMES = ["start", "finish", "resume", "return", "note", "tick", "photo", "see", "unsee", "unit", "finding"]
FUZZ = settings(
    max_examples=80, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)


@st.composite
def bad_commands(draw):
    """Return a command of which one or more parts may be anything, or be missing; or anything at all."""
    if draw(st.integers(0, 9)) == 0:
        return draw(JSON)
    command = {
        "id": str(uuid.UUID(int=draw(st.integers(0, 2**128 - 1)))),
        "name": draw(st.sampled_from(NAMES)),
        "job": "job",
        "at": "2031-10-20T09:00:00Z",
        "values": draw(VALUES),
    }
    for key in draw(st.sets(st.sampled_from(list(command)), max_size=2)):
        if draw(st.booleans()):
            command[key] = draw(JSON)
        else:
            del command[key]
    return command


@tagged("post_install", "-at_install", "standard")
class TestFieldFuzz(DayCase, HttpCase):
    """Commands that are none, and values that are not what they should be, through HTTP."""

    def setUp(self):
        super().setUp()
        self.authenticate("maria@field", "maria@field")

    @mute_logger("odoo.http")
    def post(self, commands):
        """Return ``(status, body)`` of a request with commands; written by ``json``, which knows NaN, too."""
        data, headers = json.dumps({"params": {"commands": commands}}), {"Content-Type": "application/json"}
        response = self.url_open("/field/do", data=data, headers=headers)
        return response.status_code, response.json()

    @freeze_time("2031-10-20 09:20:00")
    def test_commands(self):
        """Never a fault: as many answers as commands, each applied or refused with a sentence; a good one is done."""

        @FUZZ
        @given(st.lists(bad_commands(), max_size=4), st.lists(bad_commands(), max_size=2))
        def check(before, after):
            good = self.command("note", self.second, note="Good")
            for command in (*before, *after):
                if isinstance(command, dict) and command.get("job") == "job":
                    command["job"] = self.job.id
            status, body = self.post([*before, good, *after])
            self.assertEqual(status, 200, body)
            self.assertNotIn("error", body)
            answers = body["result"]
            self.assertEqual(len(answers), len(before) + 1 + len(after))
            for answer in answers:
                self.assertEqual(set(answer), {"id", "ok", "error", "job"})
                self.assertTrue(answer["ok"] or answer["error"])
            self.assertTrue(answers[len(before)]["ok"])

        check()
