"""What schedlib's reasons and our configuration issues read like to people."""

from markupsafe import Markup

from .schedlib import Reason


def reason_text(env, reason, **details):
    """Return the translated sentence of a ``Reason``.

    ``details`` may hold ``lead`` and ``horizon`` (what the offer demands, as text) and ``cutoff``.
    """
    texts = {
        Reason.PAST: env._("Date must be in future"),
        Reason.TOO_SOON: env._("Too soon: it takes at least %(lead)s of notice", lead=details.get("lead", "")),
        Reason.TOO_FAR: env._(
            "Too far ahead: it can be booked up to %(horizon)s in advance", horizon=details.get("horizon", "")
        ),
        Reason.CLOSED: env._("Closed at that time"),
        Reason.HOLIDAY: env._("Closed for a public holiday"),
        Reason.ON_LEAVE: env._("Nobody who could do it works at that time"),
        Reason.FULL: env._("Full: no place is left"),
        Reason.OFF_GRID: env._("Not one of the times offered"),
        Reason.NO_RESOURCE: env._("Nobody and nothing is set up to do it"),
        Reason.NO_DURATION: env._("It has no duration"),
        Reason.TOO_LATE_TO_CHANGE: env._(
            "Too late to change: it can be changed until %(cutoff)s before", cutoff=details.get("cutoff", "")
        ),
        Reason.WRONG_STATE: env._("It is already done or cancelled"),
        Reason.NOT_OFFERED: env._("Not offered here"),
        Reason.TOO_MANY_HELD: env._("You hold several times already: finish or give up one of them first"),
    }
    return texts[reason]


def minutes_text(env, minutes):
    """Return a length of time as people say it: "90 minutes", "2 hours", "3 days"."""
    days, rest = divmod(minutes, 24 * 60)
    if days and not rest:
        return env._("1 day") if days == 1 else env._("%(count)s days", count=days)
    hours, rest = divmod(minutes, 60)
    if hours and not rest:
        return env._("1 hour") if hours == 1 else env._("%(count)s hours", count=hours)
    return env._("1 minute") if minutes == 1 else env._("%(count)s minutes", count=minutes)


def issues_to_html(issues):
    """Return ``[(level, message)]`` as a list of Bootstrap alerts, False when there is none."""
    if not issues:
        return False
    return Markup().join(
        Markup('<div class="alert alert-%s mb-1 py-2" role="alert">%s</div>') % (level, message)
        for level, message in issues
    )
