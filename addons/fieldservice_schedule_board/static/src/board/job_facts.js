import {_t} from "@web/core/l10n/translation";
import {spanLabel} from "./wall_clock";

/** Return what the board says of a job besides its number and customer: a sentence each, in the user's language. */
export function listFacts(job) {
    return [
        job.site && job.site !== job.customer && _t("Site: %(site)s", {site: job.site}),
        job.unit && _t("Unit: %(unit)s", {unit: job.unit}),
        job.skills.length && _t("Skills: %(skills)s", {skills: job.skills}),
        job.driving && describeDriving(job),
        job.exception && _t("Overbooked: %(reason)s", {reason: job.exception}),
    ].filter(Boolean);
}

function describeDriving({driving, previous}) {
    return previous
        ? _t("Driving: %(minutes)s min from %(place)s", {minutes: driving, place: previous})
        : _t("Driving: %(minutes)s min from the start of the day", {minutes: driving});
}

/** Return "9:00 AM – 10:30 AM · Maria · Assigned", as far as it is known. */
export function describePlan(job, zone, withPerson) {
    const when = job.start ? spanLabel(job.start, job.stop, zone) : "";
    const who = withPerson ? job.person || _t("Unassigned") : "";
    return [when, who, job.state_label].filter(Boolean).join(" · ");
}

/** Return how much somebody, or nobody, has to do: "4 · 6:30 h". */
export function describeLoad({count, hours}) {
    const minutes = Math.round(hours * 60);
    const time = `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
    return _t("%(count)s · %(time)s h", {count, time});
}
