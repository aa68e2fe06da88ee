/**
 * The board shows the company's clock, whatever the browser's zone is. vis-timeline is told that all is UTC, and every
 * moment is moved to where the company's wall clock reads the same: a day always has 24 hours on the screen, also where
 * the clock jumps, and what is dropped at 9:00 begins when that clock reads 9:00.
 */
import {deserializeDateTime, serializeDateTime} from "@web/core/l10n/dates";
import {localization} from "@web/core/l10n/localization";
import {isMeridiemFormat} from "@web/core/l10n/time";

const {DateTime} = luxon;

/** Return the `Date` at which the board draws a time of the server (UTC text). */
export function toWall(text, zone) {
    return wallOf(deserializeDateTime(text), zone);
}

/** Return the `Date` at which the board draws a moment. */
export function wallOf(moment, zone) {
    return moment.setZone(zone).setZone("utc", {keepLocalTime: true}).toJSDate();
}

/** Return the moment at which the company's clock reads what the board draws at `date`. */
export function fromWall(date, zone) {
    return DateTime.fromJSDate(date, {zone: "utc"}).setZone(zone, {keepLocalTime: true});
}

/** Return a place on the board as a time for the server. */
export function toServer(date, zone) {
    return serializeDateTime(fromWall(date, zone));
}

/** Return how people read the time of a moment, in its own zone: without seconds, as their language has it. */
export function formatTime(moment) {
    return moment.toFormat(localization.timeFormat.replace(/[^\w']?ss/, ""));
}

/** Return how people read a full hour where there is little room: "7 AM" or "07:00". */
export function formatHour(moment) {
    return moment.toFormat(isMeridiemFormat() ? "h a" : "HH:mm");
}

/** Return how people read the time at a place on the board. */
export function timeLabel(date) {
    return formatTime(DateTime.fromJSDate(date, {zone: "utc"}));
}

/** Return "9:00 AM – 10:30 AM" of two times of the server, on the company's clock. */
export function spanLabel(start, stop, zone) {
    return `${timeLabel(toWall(start, zone))} – ${timeLabel(toWall(stop, zone))}`;
}

/** Return what the lower line of the time axis says of a place on the board. */
export function formatMinor(date, scale) {
    const moment = DateTime.fromMillis(date.valueOf(), {zone: "utc"});
    if (scale === "hour") {
        return formatHour(moment);
    }
    if (["minute", "second", "millisecond"].includes(scale)) {
        return formatTime(moment);
    }
    return moment.toLocaleString({weekday: "short", day: "numeric"});
}

/** Return what its upper line says: the day above hours, the month above days. */
export function formatMajor(date, scale) {
    const moment = DateTime.fromMillis(date.valueOf(), {zone: "utc"});
    const isDay = ["minute", "hour", "second", "millisecond"].includes(scale);
    return moment.toLocaleString(
        isDay ? {weekday: "long", month: "long", day: "numeric"} : {month: "long", year: "numeric"},
    );
}
