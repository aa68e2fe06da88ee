import {_t} from "@web/core/l10n/translation";
import {minutesUntil} from "./clock";

const SOON = 90; // minutes before the start from which on the page counts down

/**
 * Return what the technician should know about a stop now: ``{text, level}``, or null. Levels are "late", "soon", "now".
 *
 * @param {object} stop
 * @param {number} moment ms of the epoch, on the server's clock
 * @param {import("./clock").Clock} clock
 */
export function getHint(stop, moment, clock) {
    if (stop.state === "in_progress") {
        const minutes = stop.started ? Math.max(0, -minutesUntil(stop.started, moment)) : 0;
        return {level: "now", text: _t("Under way for %(time)s", {time: clock.length(minutes)})};
    }
    if (stop.state !== "assigned" || !stop.start) {
        return null;
    }
    const left = minutesUntil(stop.start, moment);
    if (left < 0) {
        return {level: "late", text: _t("Late by %(time)s", {time: clock.length(-left)})};
    }
    if (left > SOON) {
        return null;
    }
    const room = left - (stop.driving || 0);
    if (stop.driving && room <= 0) {
        return {
            level: "late",
            text: _t("Leave now: starts in %(time)s, %(driving)s of driving", {
                time: clock.length(left),
                driving: clock.length(stop.driving),
            }),
        };
    }
    return {
        level: "soon",
        text: stop.driving
            ? _t("Starts in %(time)s, %(driving)s of driving: leave in %(room)s", {
                  time: clock.length(left),
                  driving: clock.length(stop.driving),
                  room: clock.length(room),
              })
            : _t("Starts in %(time)s", {time: clock.length(left)}),
    };
}
