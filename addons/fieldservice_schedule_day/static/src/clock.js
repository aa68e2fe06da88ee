import {_t} from "@web/core/l10n/translation";

const MINUTE = 60 * 1000;

/** What clocks and calendars show, in the language of the user. Instants are ISO texts in UTC, days are ISO dates. */
export class Clock {
    constructor(lang) {
        this.lang = lang;
        this.formats = {};
    }

    format(moment, options) {
        const key = JSON.stringify(options);
        this.formats[key] ??= new Intl.DateTimeFormat(this.lang, options);
        return this.formats[key].format(new Date(moment));
    }

    /** Return "9:00 AM", or "09:00", as clocks in a zone show it. */
    time(moment, zone) {
        return this.format(moment, {hour: "numeric", minute: "2-digit", timeZone: zone});
    }

    /** Return "9:00 – 10:00 AM". */
    span(start, stop, zone) {
        if (!start) {
            return "";
        }
        return stop ? `${this.time(start, zone)} – ${this.time(stop, zone)}` : this.time(start, zone);
    }

    /** Return the time on the clock of a site in words, "" where the technician's clock shows the same. */
    spanThere({start, stop, tz}, zone) {
        return start && this.isOther(start, tz, zone)
            ? _t("%(time)s on the clock there", {time: this.span(start, stop, tz)})
            : "";
    }

    /** Return "Monday, November 23". */
    day(day) {
        return this.format(`${day}T12:00:00Z`, {
            weekday: "long",
            month: "long",
            day: "numeric",
            timeZone: "UTC",
        });
    }

    weekday(day) {
        return this.format(`${day}T12:00:00Z`, {weekday: "short", timeZone: "UTC"});
    }

    dayNumber(day) {
        return this.format(`${day}T12:00:00Z`, {day: "numeric", timeZone: "UTC"});
    }

    /** Return the day and time of an instant: of jobs that are left from other days. */
    moment(moment, zone) {
        return this.format(moment, {
            weekday: "short",
            day: "numeric",
            month: "short",
            hour: "numeric",
            minute: "2-digit",
            timeZone: zone,
        });
    }

    /** Return whether clocks in two zones differ at an instant. */
    isOther(moment, zone, other) {
        return zone !== other && this.format(moment, LONG(zone)) !== this.format(moment, LONG(other));
    }

    /** Return "25 min" or "1 h 10 min". */
    length(minutes) {
        const hours = Math.floor(minutes / 60);
        const rest = minutes % 60;
        if (!hours) {
            return _t("%(minutes)s min", {minutes});
        }
        return rest ? _t("%(hours)s h %(minutes)s min", {hours, minutes: rest}) : _t("%(hours)s h", {hours});
    }
}

const LONG = (zone) => ({dateStyle: "short", timeStyle: "short", timeZone: zone});

/** Return the whole minutes from one moment to another; negative when it has passed. */
export function minutesUntil(moment, now) {
    return Math.round((new Date(moment) - now) / MINUTE);
}
