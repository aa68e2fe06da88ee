import base64
import io
import uuid
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time
from PIL import Image

from odoo.exceptions import AccessError, UserError
from odoo.tools import html2plaintext, mute_logger
from odoo.tools.safe_eval import safe_eval

from odoo.addons.fieldservice_schedule_day.models import fsm_day_photo
from odoo.addons.service_schedule.models.service_reservation_outcome import ServiceReservation

from .common import HOUR, NINE, DayCase


@freeze_time("2031-10-20 09:20:00")
class TestCommands(DayCase):
    """What the phone sends: each command once, in order, by whom it may be, and refused with a sentence."""

    def test_start_finish(self):
        """A job is begun and done at the moments that the phone says; what was done and the note are kept."""
        start = self.command("start", self.job, "2031-10-20T09:02:00Z")
        finish = self.command("finish", self.job, "2031-10-20T11:18:00+02:00", done="Filled <it>", note="Gate 7")
        answers = self.apply(start, finish)
        self.assertEqual([answer["ok"] for answer in answers], [True, True])
        self.assertEqual((self.job.date_start, self.job.date_end), (NINE + HOUR / 30, NINE + HOUR * 18 / 60))
        self.assertIn("Filled &lt;it&gt;", self.job.resolution)
        self.assertIn("Gate 7", self.job.message_ids.mapped("body")[0] + self.job.message_ids.mapped("body")[1])
        self.assertEqual([answer["job"]["state"] for answer in answers], ["completed", "completed"])

    def test_replayed(self):
        """A command that arrives again, alone or twice in one request, is not done again, and answers the same."""
        note = self.command("note", self.job, note="Once")
        first = self.apply(note, note)
        again = self.apply(note)
        self.assertEqual(first, [*again, *again])
        notes = self.job.message_ids.filtered(lambda message: "Once" in (message.body or ""))
        self.assertEqual(len(notes), 1)

    def read_notes(self):
        """Return the notes that Maria has written on the job, as plain text, the oldest first."""
        own = self.job.message_ids.filtered(lambda message: message.author_id == self.user_maria.partner_id)
        return [html2plaintext(message.body).strip() for message in own.sorted("id") if message.body]

    def test_note_taken_back(self):
        """A note that the phone took back after it had arrived is written once, as it was said last."""
        first = self.command("note", self.job, note="Gate 7 & 8,\n<ask> Bob")
        self.apply(first)
        other = self.command("note", self.job, note="Another")
        second = self.command("note", self.job, note="Gate 9", instead=[first["id"]])
        self.apply(other, second)
        self.assertEqual(self.read_notes(), ["Gate 9", "Another"])
        self.apply(self.command("note", self.job, note="Gate 10", instead=[first["id"], second["id"]]))
        self.apply(first, second)
        self.assertEqual(self.read_notes(), ["Gate 10", "Another"])

    def test_same_note_sent_anew(self):
        """The same said again after it was taken back is one note; without taking it back it is said twice."""
        first = self.command("note", self.job, note="Gate 7")
        self.apply(first, self.command("note", self.job, note="Gate 7", instead=[first["id"]]))
        self.assertEqual(self.read_notes(), ["Gate 7"])
        self.apply(self.command("note", self.job, note="Gate 7"))
        self.assertEqual(self.read_notes(), ["Gate 7", "Gate 7"])

    def test_taken_back_comes_late(self):
        """What was taken back and arrives after what stands instead of it is not done any more."""
        first = self.command("note", self.job, note="Gate 7")
        [answer] = self.apply(self.command("note", self.job, note="Gate 9", instead=[first["id"]]))
        [late] = self.apply(first)
        self.assertEqual((answer["ok"], late["ok"]), (True, True))
        self.assertEqual(self.read_notes(), ["Gate 9"])

    def test_finish_taken_back(self):
        """What was done, and the note with it, are as they were said last; what others wrote before stays."""
        self.job.resolution = "<p>Looked at it</p>"
        first = self.command("finish", self.job, done="Filled\nit", note="Gate 7")
        self.apply(self.command("start", self.job), first)
        self.assertIn("Gate 7", self.read_notes())
        self.apply(self.command("finish", self.job, done="Replaced it", note="", instead=[first["id"]]))
        self.assertEqual(html2plaintext(self.job.resolution).splitlines(), ["Looked at it", "Replaced it"])
        self.assertNotIn("Gate 7", self.read_notes())
        self.assertEqual(self.job.state, "completed")

    def test_edited_since(self):
        """What somebody changed after it had arrived is left as it is, and what is said now is added."""
        first = self.command("finish", self.job, done="Filled it")
        self.apply(self.command("start", self.job), first)
        self.job.resolution = "<p>Filled it, says Maria</p>"
        self.apply(self.command("finish", self.job, done="Replaced it", instead=[first["id"]]))
        self.assertEqual(html2plaintext(self.job.resolution).splitlines(), ["Filled it, says Maria", "Replaced it"])

    def test_nobody_takes_back_for_others(self):
        """Only one's own words of the same job are taken back, whatever ids somebody sends, or none at all."""
        theirs = self.command("note", self.foreign, note="Tom's")
        elsewhere = self.command("note", self.second, note="Elsewhere")
        self.apply(theirs, user=self.user_tom)
        self.apply(elsewhere)
        odd = [theirs["id"], elsewhere["id"], "nonsense", 7, None, {}]
        note = self.command("note", self.job, note="Mine", instead=odd, former=[{"note": "Elsewhere"}])
        [answer] = self.apply(note)
        self.assertTrue(answer["ok"])
        [answer] = self.apply(self.command("note", self.job, note="More", instead="nonsense"))
        self.assertTrue(answer["ok"])
        self.assertEqual(self.read_notes(), ["Mine", "More"])
        for job, text in ((self.foreign, "Tom's"), (self.second, "Elsewhere")):
            self.assertIn(text, html2plaintext("".join(job.message_ids.mapped("body"))))

    def test_replayed_refusal(self):
        """What was refused stays refused, also when it would be allowed now: the phone has shown it."""
        finish = self.command("resume", self.job)
        self.assert_refused(self.apply(finish)[0], "Assigned")
        self.apply(self.command("start", self.job), self.command("finish", self.job))
        self.assert_refused(self.apply(finish)[0], "Assigned")
        self.assertEqual(self.job.state, "completed")

    def test_order(self):
        """Commands are done in their order, and one that is refused leaves the others alone and nothing behind."""
        answers = self.apply(
            self.command("resume", self.job),
            self.command("start", self.job),
            self.command("return", self.job, reason="nonsense", note="x"),
            self.command("finish", self.job),
        )
        self.assertEqual([answer["ok"] for answer in answers], [False, True, False, True])
        self.assertEqual((self.job.state, self.job.return_reason), ("completed", False))

    def test_foreign_uuid(self):
        """Nobody learns, or prevents, what somebody else has sent by using its id."""
        note = self.command("note", self.job, note="Maria's")
        self.apply(note)
        [answer] = self.apply(note, user=self.user_tom)
        self.assert_refused(answer, "understood")
        self.assertIsNone(answer["job"])

    def test_whose(self):
        """Only one's own jobs, those of whom one manages, and all as a dispatcher; the sentence tells no secrets."""
        for job_id in (self.foreign.id, 2**31 - 1):
            [answer] = self.apply({**self.command("start", self.foreign), "job": job_id})
            self.assert_refused(answer, "no longer yours")
            self.assertIsNone(answer["job"])
        helped = self.command("start", self.foreign)
        self.foreign.person_ids = self.maria  # who helps sees the job; its technician begins it
        self.assert_refused(self.apply(helped)[0], "no longer yours")
        self.foreign.person_ids = False
        self.maria.write({"is_manager": True, "managed_ids": self.tom.ids})
        self.assertTrue(self.apply(self.command("start", self.foreign))[0]["ok"])
        self.assertTrue(self.apply(self.command("start", self.job), user=self.dispatcher)[0]["ok"])

    def test_bad_input(self):
        """What is no command is answered with a sentence and changes nothing; what is no list is refused as a whole."""
        good = self.command("start", self.job)
        bad = [
            None,
            "x",
            [],
            {},
            {**good, "id": 7},
            {**good, "id": "7"},
            {**good, "id": str(uuid.uuid4()).upper()},
            {**good, "name": "unlink"},
            {**good, "name": ["start"]},
            {**good, "job": "1"},
            {**good, "job": True},
            {**good, "job": 2**40},
            {**good, "job": -1},
            {**good, "values": ["x"]},
            {**good, "id": ["x"]},
            {**good, "id": {"x": 1}},
            {key: value for key, value in good.items() if key != "id"},
            {**good, "values": {"x": [[[[[[[[1]]]]]]]]}},
        ]
        for answer in self.apply(*bad):
            self.assert_refused(answer, "understood")
        self.assertEqual(self.job.state, "assigned")
        other = self.command("note", self.job, note="Good")
        oks = [answer["ok"] for answer in self.apply(*bad, other, *bad)]
        self.assertEqual(oks, [False] * len(bad) + [True] + [False] * len(bad))
        for commands in (None, {}, "x", [good] * 101):
            with self.assertRaises(UserError):
                self.env["field.command"].with_user(self.user_maria)._apply_all(commands)

    def test_bad_values(self):
        """Values of the wrong kind are refused with a sentence; what no database keeps is taken out of a text."""
        for name, values in (
            ("return", {"reason": ["part"]}),
            ("return", {"reason": {"part": 1}}),
            ("tick", {"item": ["x"]}),
            ("tick", {"item": {}, "done": "x"}),
            ("photo", {"data": {"x": 1}}),
        ):
            with self.subTest(name=name, values=values):
                [answer] = self.apply(self.command(name, self.job, **values))
                self.assertFalse(answer["ok"])
                self.assertTrue(answer["error"])
        odd = {"note": "a\0b \ud83d c", "other": [float("nan"), {"\0": "\udc00"}]}
        self.assertTrue(self.apply(self.command("note", self.job, **odd))[0]["ok"])
        self.assertIn("ab \ufffd c", self.job.message_ids[0].body)

    @mute_logger("odoo.addons.fieldservice_schedule_day.models.field_command")
    def test_our_fault(self):
        """A fault of ours refuses one command, keeps what was typed, and holds up nothing that comes after it."""

        def fail(*_args):
            raise ZeroDivisionError

        with patch.object(type(self.job), "_field_resume", fail):
            answers = self.apply(self.command("resume", self.job, note="Typed"), self.command("start", self.job))
        self.assert_refused(answers[0], "tell dispatch")
        self.assertTrue(answers[1]["ok"])
        kept = self.env["field.command"].search([("job_id", "=", self.job.id), ("ok", "=", False)])
        self.assertEqual(kept.typed, "Typed")

    def test_moments(self):
        """No job begins in the future or long ago, and a moment that is none is now; it never ends before it begins."""
        now = NINE + timedelta(minutes=20)
        for text in ("2031-10-20T10:00:00Z", "2030-01-01T00:00:00Z", "tomorrow", None, 7, "0001-01-01T00:00:00+23:59"):
            with self.subTest(at=text):
                self.assertEqual(self.env["field.command"]._parse_moment(text), now)
        self.apply(self.command("start", self.job, "2031-10-20T09:15:00Z"))
        self.apply(self.command("finish", self.job, "2031-10-20T09:10:00Z"))
        self.assertLessEqual(self.job.date_start, self.job.date_end)

    def test_moved(self):
        """A job that dispatch has moved is not begun by a phone that shows the old time; the sentence says the new."""
        seen = "2031-10-20T09:00:00Z"
        self.assertTrue(self.apply(self.command("start", self.job, planned=seen))[0]["ok"])
        self.second.scheduled_date_start = NINE + 28 * HOUR
        [answer] = self.apply(self.command("start", self.second, planned="2031-10-20T11:00:00Z"))
        self.assert_refused(answer, "moved .* to .*1:00")
        self.assertEqual(answer["job"]["start"], "2031-10-21T13:00:00Z")
        self.assertEqual(self.second.state, "assigned")

    def test_clock(self):
        """Where the site has another clock than the technician, sentences tell the times of his phone."""
        self.site.tz = "Asia/Kolkata"
        self.second.scheduled_date_start = NINE + 28 * HOUR  # 18:30 there
        [moved] = self.apply(self.command("start", self.second, planned="2031-10-20T11:00:00Z"))
        self.assert_refused(moved, "moved .* to .*[^0-9]1:00")
        [early] = self.apply(self.command("return", self.job, "2031-10-20T08:59:00Z", reason="absent"))
        self.assert_refused(early, "Please wait until 9:")

    def test_taken_away(self):
        """Of a job that was given to somebody else nothing is done; what was typed is kept for dispatch."""
        self.job.with_user(self.dispatcher).write({"person_id": self.tom.id, "scheduled_date_start": NINE + 9 * HOUR})
        [answer] = self.apply(self.command("finish", self.job, done="All of it", note="Key is at the desk"))
        self.assert_refused(answer, "no longer yours")
        kept = self.env["field.command"].with_user(self.dispatcher).search([("job_id", "=", self.job.id)])
        self.assertEqual((kept.ok, kept.typed), (False, "All of it\nKey is at the desk"))
        kept.action_handle()
        self.assertTrue(kept.is_handled)

    def test_log_is_dispatch_s(self):
        """What was sent is dispatch's to read, of its own companies, and nobody's to write."""
        self.apply(self.command("note", self.job, note="x"))
        commands = self.env["field.command"].search([("job_id", "=", self.job.id)])
        for user, use in (
            (self.user_maria, lambda one: one.read(["name"])),
            (self.user_maria, lambda one: one.action_handle()),
            (self.dispatcher, lambda one: one.write({"ok": False})),
            (self.dispatcher, lambda one: one.unlink()),
        ):
            with self.assertRaises(AccessError):
                use(commands.with_user(user))
        commands.company_id = self.env["res.company"].create({"name": "Elsewhere"})
        self.assertFalse(self.env["field.command"].with_user(self.dispatcher).search([("id", "in", commands.ids)]))

    def test_cancelled(self):
        """A job that was cancelled meanwhile is neither begun nor done, and the phone is told."""
        self.job.action_cancel()
        for name in ("start", "finish", "return"):
            [answer] = self.apply(self.command(name, self.job, reason="part"))
            self.assert_refused(answer, "Cancelled")
            self.assertEqual(answer["job"]["state"], "cancelled")

    def test_two_phones(self):
        """Two phones of one technician: what the other has done already is no fault, and no note is lost."""
        self.apply(self.command("start", self.job, "2031-10-20T09:02:00Z"))
        self.assertTrue(self.apply(self.command("start", self.job, "2031-10-20T09:05:00Z"))[0]["ok"])
        self.assertEqual(self.job.date_start, NINE + HOUR / 30)
        self.apply(self.command("finish", self.job, "2031-10-20T09:10:00Z"))
        self.assertTrue(self.apply(self.command("finish", self.job, note="From the other phone"))[0]["ok"])
        self.assertEqual(self.job.date_end, NINE + HOUR / 6)
        self.assertIn("From the other phone", "".join(self.job.message_ids.mapped("body")))

    def test_resume(self):
        """Who finished too soon goes on."""
        self.apply(self.command("start", self.job), self.command("finish", self.job))
        self.assertTrue(self.apply(self.command("resume", self.job))[0]["ok"])
        self.assertEqual((self.job.state, self.job.date_end), ("in_progress", False))

    def test_obstacles(self):
        """What forbids to begin, such as a waiver, is said in the day, and forbids it."""
        with patch.object(ServiceReservation, "_get_begin_obstacles", lambda _self: ["The waiver is not signed."]):
            self.assertEqual(
                self.job.with_user(self.user_maria)._get_day_values()[0]["obstacles"], ["The waiver is not signed."]
            )
            self.assert_refused(self.apply(self.command("start", self.job))[0], "waiver is not signed")
        self.assertEqual(self.job.state, "assigned")


@freeze_time("2031-10-20 09:20:00")
class TestReturn(DayCase):
    """What cannot be done goes back to dispatch."""

    def setUp(self):
        super().setUp()
        self.heard = []
        announce = type(self.job)._announce

        def hear(jobs, event, before):
            self.heard.append((event, jobs))
            return announce(jobs, event, before)

        self.enterContext(patch.object(type(self.job), "_announce", hear))

    def test_absent(self):
        """A customer who is not there is a no-show: after his grace, his job is planned anew and the time is free."""
        missed = self.job.reservation_id
        early = self.command("return", self.job, "2031-10-20T09:14:00Z", reason="absent")
        self.assert_refused(self.apply(early)[0], "until 9:15")
        late = self.command("return", self.job, "2031-10-20T09:16:00Z", reason="absent", note="Rang twice")
        self.assertEqual(self.apply(late)[0]["job"], None)
        self.assertEqual((self.job.state, self.job.return_reason), ("requested", "absent"))
        self.assertEqual(missed.state, "no_show")
        self.assertEqual(self.customer.no_show_count, 1)
        self.assert_time(self.job)
        self.assertEqual(self.heard, [("failed", self.job)])
        self.assertIn("Rang twice", "".join(self.job.message_ids.mapped("body")))
        missed._record_arrival()
        self.assertEqual((self.job.state, self.job.person_id), ("assigned", self.maria))

    def test_absent_when_begun(self):
        """Who pressed Start before he saw that nobody is there says so all the same."""
        self.apply(self.command("start", self.job))
        self.assertTrue(self.apply(self.command("return", self.job, "2031-10-20T09:16:00Z", reason="absent"))[0]["ok"])
        self.assertEqual((self.job.state, self.job.date_start), ("requested", False))
        self.assertEqual(self.job.reservation_ids.state, "no_show")

    def test_absent_without_time(self):
        """A job that has no time has nobody who could be late; it goes back all the same."""
        job = self.create_job(None, self.maria)
        self.assertTrue(self.apply(self.command("return", job, reason="absent"))[0]["ok"])
        self.assertEqual((job.state, job.failure_reason), ("requested", "Customer was not there"))

    def test_wanted_still(self):
        """All else is wanted still: requested again, without technician, under way or not, and its time is free."""
        self.apply(self.command("start", self.job))
        for job in (self.job, self.second):
            self.heard.clear()
            [answer] = self.apply(self.command("return", job, reason="part", note="No glass"))
            self.assertEqual((answer["ok"], answer["job"]), (True, None))
            self.assertEqual((job.state, job.person_id, job.date_start), ("requested", self.maria.browse(), False))
            self.assertEqual(
                (job.return_reason, job.return_note, job.return_person_id), ("part", "No glass", self.maria)
            )
            self.assert_time(job)
            self.assertEqual(self.heard, [("failed", job)])
            self.assertEqual(job.failure_reason, "A part is missing: No glass")
            self.assertEqual(job._get_failure_text(), "A part was missing")
        self.assertIn("No glass", "".join(self.job.message_ids.mapped("body")))
        job.with_user(self.dispatcher).write({"person_id": self.tom.id, "scheduled_date_start": NINE + 9 * HOUR})
        self.assertEqual((job.failure_reason, job.return_reason, job._get_failure_text()), (False, False, ""))

    def test_listed(self):
        """Dispatch finds it until somebody has got it again."""
        self.apply(self.command("return", self.job, reason="unreachable"))
        action = self.env.ref("fieldservice_schedule_day.fsm_order_returned_action")
        jobs = self.env["fsm.order"].with_user(self.dispatcher)
        domain = [*safe_eval(action.domain), ("id", "=", self.job.id)]
        self.assertEqual(jobs.search(domain), self.job)
        self.job.with_user(self.dispatcher).write({"person_id": self.tom.id, "scheduled_date_start": NINE + 9 * HOUR})
        self.assertFalse(jobs.search(domain))

    def test_says_why(self):
        """A reason has to be given, and words when it is none of those that there are."""
        self.assert_refused(self.apply(self.command("return", self.job))[0], "Say why")
        self.assert_refused(self.apply(self.command("return", self.job, reason="other", note=" "))[0], "few words")


@freeze_time("2031-10-20 09:20:00")
class TestChecklist(DayCase):
    """Check boxes in the instructions, and activities."""

    def get_items(self):
        """Return the checklist as Maria's phone gets it."""
        return self.job.with_user(self.user_maria)._get_day_values()[0]["checklist"]

    def tick(self, item, done=True):
        """Tick an item and return the answer."""
        return self.apply(self.command("tick", self.job, item=item["item"], done=done))[0]

    def test_instructions(self):
        """A tick is a tick in the office's editor; all else of the instructions stays as it was."""
        items = self.get_items()
        self.assertEqual([item["name"] for item in items], ["Photograph the damage", "Tell the office"])
        before = self.job.todo
        self.assertTrue(self.tick(items[1])["job"]["checklist"][1]["done"])
        self.assertEqual(str(self.job.todo).count("o_checked"), 1)
        self.assertFalse(self.tick(items[1], done=False)["job"]["checklist"][1]["done"])
        self.assertEqual(str(self.job.todo).replace(' class=""', ""), str(before))

    def test_changed_meanwhile(self):
        """Nobody ticks a text that he did not read."""
        item = self.get_items()[0]
        self.job.todo = self.job.todo.replace("Photograph", "Repair")
        self.assert_refused(self.tick(item), "changed meanwhile")
        self.assertNotIn("o_checked", self.job.todo)

    def test_activities(self):
        """An activity is an item; ticked, it is done, and a second tick is none too many."""
        activity = self.job.activity_schedule(
            "mail.mail_activity_data_todo", summary="Bring the key", user_id=self.boss.id
        )
        item = self.get_items()[-1]
        self.assertEqual(item["name"], "Bring the key")
        self.assertTrue(self.tick(item)["ok"])
        self.assertFalse(activity.active)
        self.assertTrue(self.tick(item)["ok"])
        self.assert_refused(self.tick(item, done=False), "stays done")

    def test_foreign_activity(self):
        """An activity of another job is not done by its number."""
        other = self.foreign.activity_schedule("mail.mail_activity_data_todo", summary="Tom's")
        self.tick({"item": f"activity:{other.id}"})
        self.assertTrue(other.active)

    def test_plain(self):
        """Instructions are told without the boxes that the checklist shows; no markup reaches the phone."""
        values = self.job.with_user(self.user_maria)._get_day_values()[0]
        self.assertEqual(values["todo"], "Park at the gate.")


@freeze_time("2031-10-20 09:20:00")
class TestPhotos(DayCase):
    """Photos are photos, and small."""

    @staticmethod
    def picture(kind="JPEG", size=(8, 8)):
        """Return a picture in base64."""
        data = io.BytesIO()
        Image.new("RGB", size, "red").save(data, kind)
        return base64.b64encode(data.getvalue()).decode()

    def send(self, data):
        """Send a photo and return the answer."""
        return self.apply(self.command("photo", self.job, data=data))[0]

    def test_kinds(self):
        """JPEG and PNG become attachments of the job, which the day lists; a replay adds none."""
        for kind in ("JPEG", "PNG"):
            command = self.command("photo", self.job, data=self.picture(kind))
            self.assertTrue(self.apply(command)[0]["ok"])
            self.apply(command)
        [values] = self.job.with_user(self.user_maria)._get_day_values()
        self.assertEqual(len(values["photos"]), 2)
        attachments = self.env["ir.attachment"].browse([photo["id"] for photo in values["photos"]])
        self.assertEqual(attachments.mapped("mimetype"), ["image/jpeg", "image/png"])
        self.assertEqual(set(attachments.mapped("res_id")), set(self.job.ids))

    def test_no_photos(self):
        """A script, a drawing with scripts, a picture that is cut off, what is no base64, and what is no text."""
        svg = base64.b64encode(b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>").decode()
        for data in (svg, base64.b64encode(b"<script>").decode(), self.picture("GIF"), "%%%", ""):
            self.assert_refused(self.send(data), "no photo")
        for data in (None, 7, ["x"]):
            self.assert_refused(self.send(data), "up to 8 MB")
        self.assertFalse(
            self.env["ir.attachment"].search([("res_model", "=", "fsm.order"), ("res_id", "=", self.job.id)])
        )

    def test_too_large(self):
        """Too many bytes, pixels, photos."""
        self.assert_refused(self.send("A" * (fsm_day_photo.LARGEST * 4 // 3 + 8)), "up to 8 MB")
        with patch.object(fsm_day_photo, "MOST_PIXELS", 63):
            self.assert_refused(self.send(self.picture()), "too many pixels")
        with patch.object(fsm_day_photo, "MOST_PHOTOS", 1):
            self.assertTrue(self.send(self.picture())["ok"])
            self.assert_refused(self.send(self.picture()), "up to 1 photos")

    def test_not_kept_twice(self):
        """The record of the command does not carry the file."""
        self.send(self.picture())
        command = self.env["field.command"].search([("job_id", "=", self.job.id)])
        self.assertTrue(command.ok)
        self.assertFalse(command.values)
