"""10,000 reminders that are due: from the rule to a mail server, beside 1,000.

Partners stand in for what people are reminded of, each with his own moment. The mail server is a process of its own.
"""

import gc
import sys
import time
from datetime import timedelta
from pathlib import Path

import psutil

from odoo import fields

sys.path.insert(0, str(Path(__file__).parent))
from bench_tools import table, title
from smtp_sink import SmtpSink

COUNTS = (1_000, 10_000)
AIM_QUERIES = 5
BODY = """<p>We expect you for <b t-out="object.name"/>:</p><p t-out="format_moment(object.create_date)"/>
<ul><li t-foreach="range(3)" t-as="number">Bring <t t-out="number"/></li></ul>"""


def prepare(env, count):
    """Return partners with a moment each, and the rule that reminds them a day before."""
    model_id = env["ir.model"]._get_id("res.partner")
    template = env["mail.template"].create(
        {"name": "Bench", "model_id": model_id, "subject": "Your time, {{ object.name }}", "body_html": BODY}
    )
    event = env["service.notification.event"].create(
        {
            "code": f"bench_{count}",
            "name": "Bench",
            "model_id": model_id,
            "group_id": env["service.notification.group"].create({"code": f"bench_{count}", "name": "Bench"}).id,
            "mail_template_id": template.id,
            "customer_channel_ids": env.ref("service_notification.channel_email").ids,
        }
    )
    env["service.notification.reminder"].search([]).active = False
    env["service.notification.reminder"].create({"name": "Bench", "event_id": event.id, "minutes_before": 1440})
    moment = fields.Datetime.now() + timedelta(days=2)
    partners = env["res.partner"].create(
        [
            {
                "name": f"Bench {number}",
                "email": f"bench{count}.{number}@example.com",
                "ref": fields.Datetime.to_string(moment + timedelta(minutes=number % 60)),
                "tz": ("Europe/Paris", "America/New_York")[number % 2],
            }
            for number in range(count)
        ]
    )
    env.cr.commit()
    env.invalidate_all()
    return partners


def measured(env, function):
    """Return `(seconds, seconds of our processor, queries, what it returned)`."""
    queries, start, processor = env.cr.sql_log_count, time.perf_counter(), time.process_time()
    result = function()
    return time.perf_counter() - start, time.process_time() - processor, env.cr.sql_log_count - queries, result


def get_memory():
    """Return the resident memory of this process in MiB."""
    gc.collect()
    return psutil.Process().memory_info().rss / 2**20


def run(env, sink, count):
    """Return the figures of arming and sending so many reminders."""
    partners = prepare(env, count)
    arm_seconds, _processor, arm_queries, armed = measured(env, partners._arm_reminders)
    env.cr.commit()
    assert armed == count
    env.cr.execute(
        "UPDATE service_notification_message SET next_try_at = now() AT TIME ZONE 'UTC' - interval '1 minute'"
        " WHERE state = 'queued'"
    )
    env.cr.commit()
    del partners
    env.invalidate_all()
    before, memory = sink.count(), get_memory()
    seconds, processor, queries, _none = measured(env, env["service.notification.message"]._cron_send)
    taken = sink.count() - before
    assert taken == count, f"{taken} of {count} were sent"
    env.invalidate_all()
    growth = get_memory() - memory
    return count, arm_seconds, arm_queries, seconds, processor / count * 1000, queries / count, memory, growth


def clean(env):
    """Remove what was committed: other benchmarks run on the same database."""
    env.flush_all()
    for name in ("event", "group"):
        env.cr.execute(f"DELETE FROM service_notification_{name} WHERE code LIKE 'bench\\_%'")
    env.cr.execute("DELETE FROM res_partner WHERE email LIKE 'bench%@example.com' AND name LIKE 'Bench %'")
    env.cr.commit()


def main(env):
    """Print the table and judge it."""
    env = env(context={"tracking_disable": True, "no_reset_password": True, "lang": "en_US"})
    partner_model = env.registry["res.partner"]
    partner_model._get_notification_moment = lambda records: {
        record.id: fields.Datetime.to_datetime(record.ref) for record in records
    }
    title("Reminders that are due, to a mail server")
    servers, email = env["ir.mail_server"].search([]), env.company.email
    env.company.email = "bench@example.com"
    with SmtpSink() as sink:
        server = sink.create_server(env)
        run(env, sink, 100)  # templates compiled, caches warm
        rows = [run(env, sink, count) for count in COUNTS]
    server.unlink()
    servers.active, env.company.email = True, email
    clean(env)
    heads = ("reminders", "arming s", "queries", "sending s", "CPU ms each", "queries each", "RSS MiB", "growth MiB")
    table(heads, [(row[0], *(f"{figure:.2f}" for figure in row[1:])) for row in rows])
    small, large = rows
    print(
        f"processor time for each message, 10,000 beside 1,000: {large[4] / small[4]:.2f} times (aim: about 1, linear)"
    )
    print(f"queries for each message: {large[5]:.2f} (aim: below {AIM_QUERIES})")
    print(f"memory that sending took: {small[7]:+.1f} MiB for 1,000, {large[7]:+.1f} MiB for 10,000 (aim: flat)")


main(globals()["env"])
