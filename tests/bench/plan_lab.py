"""Visit plans by the thousand, for the benchmark and for the test of what a killed generation leaves behind."""

from datetime import timedelta
from pathlib import Path

from odoo import fields

PROGRAM = Path(__file__).parent / "plan_nursery.py"
SITES = 200
DAYS_AHEAD = 14


def create_plans(env, count):
    """Return weekly plans in progress whose visits are not made yet; each has two within its two weeks."""
    owner = env["res.partner"].create({"name": "Bench fleet", "is_company": True, "tz": "UTC"})
    sites = env["fsm.location"].create(
        [{"name": f"Bench lot {number}", "owner_id": owner.id, "tz": "UTC"} for number in range(min(SITES, count))]
    )
    begin = fields.Datetime.now().replace(hour=9, minute=0, second=0) + timedelta(days=2)
    weekday = ("mo", "tu", "we", "th", "fr", "sa", "su")[begin.weekday()]
    rule = env["fsm.frequency"].create(
        {"name": "Bench", "interval": 1, "interval_type": "weekly", "use_byweekday": True, weekday: True}
    )
    rules = env["fsm.frequency.set"].create(
        {"name": "Bench", "schedule_days": DAYS_AHEAD, "fsm_frequency_ids": rule.ids}
    )
    return env["fsm.recurring"].create(
        [
            {
                "location_id": sites[number % len(sites)].id,
                "fsm_frequency_set_id": rules.id,
                "start_date": begin,
                "scheduled_duration": 1,
                "holiday_rule": "keep",
                "state": "progress",
            }
            for number in range(count)
        ]
    )


def create_technicians(env, count=20):
    """Make technicians, the only ones: every second one works at night. Nobody is looked for for visits made before."""
    env.cr.execute("UPDATE fsm_order SET placed_on = '2999-01-01' WHERE occurrence_date IS NOT NULL")
    env.invalidate_all()
    env["fsm.person"].search([]).active = False
    shifts = ([(6, 18)], [(0, 6), (18, 24)])
    calendars = env["resource.calendar"].create(
        [{"name": name, "tz": "UTC", "attendance_ids": [(5, 0, 0)]} for name in ("Bench days", "Bench nights")]
    )
    for calendar, spans in zip(calendars, shifts, strict=True):
        calendar.attendance_ids = [
            (0, 0, {"name": "Work", "dayofweek": str(day), "hour_from": start, "hour_to": stop})
            for day in range(7)
            for start, stop in spans
        ]
    persons = env["fsm.person"].create(
        [
            {"name": f"Bench technician {number}", "calendar_id": calendars[number % 2].id, "tz": "UTC"}
            for number in range(count)
        ]
    )
    persons.partner_id.write({"partner_latitude": 28.5, "partner_longitude": -81.5})
    persons._create_missing_resources()


def create_nights(env, count):
    """Return visits of a quarter of an hour that nobody has, over two weeks, half of them at night; their plan's."""
    plan = create_plans(env, 1)
    plan.state = "suspend"
    plan.location_id.partner_id.write({"partner_latitude": 28.5, "partner_longitude": -81.4})
    begin = fields.Datetime.now().replace(hour=0, minute=0, second=0) + timedelta(days=2)
    moments = [
        begin + timedelta(days=number % 14, hours=22 if number % 2 else 9, minutes=number % 60)
        for number in range(count)
    ]
    return env["fsm.order"].create(
        [
            {
                "location_id": plan.location_id.id,
                "scheduled_date_start": moment,
                "scheduled_duration": 0.25,
                "occurrence_date": moment.date(),
                "due_start": moment,
            }
            for moment in moments
        ]
    )


def count_visits(cr, plan_ids):
    """Return ``{plan id: visits}`` of what is committed."""
    cr.execute(
        "SELECT fsm_recurring_id, count(*) FROM fsm_order WHERE fsm_recurring_id = ANY(%s) GROUP BY 1", [plan_ids]
    )
    return dict(cr.fetchall())


def find_faults(cr, plan_ids, expected):
    """Return sentences about plans that have not just the visits that they should have."""
    counts = count_visits(cr, plan_ids)
    faults = [f"plan {plan} has {counts.get(plan, 0)} visits" for plan in plan_ids if counts.get(plan, 0) != expected]
    cr.execute(
        """SELECT fsm_recurring_id, scheduled_date_start FROM fsm_order WHERE fsm_recurring_id = ANY(%s)
            GROUP BY 1, 2 HAVING count(*) > 1""",
        [plan_ids],
    )
    faults += [f"plan {plan} has two visits at {start}" for plan, start in cr.fetchall()]
    cr.execute("SELECT id, problem FROM fsm_recurring WHERE id = ANY(%s) AND problem IS NOT NULL", [plan_ids])
    return faults + [f"plan {plan}: {problem}" for plan, problem in cr.fetchall()]
