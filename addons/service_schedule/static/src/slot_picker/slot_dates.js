/**
 * Days and months of the slot picker. Days are ISO dates of the service point ("2026-10-15"), months their first
 * seven characters: the browser's own zone has no say in them.
 */
const {DateTime} = luxon;

/** Return the local day that a choice of `service.offer` falls on, "" when it names none. */
export function dayOfChoice(choice) {
    const [kind, ...rest] = (choice || "").split(":");
    const text = kind === "window" ? rest[1] : rest[0];
    return (text || "").slice(0, 10);
}

/** Return the month `count` months after `month`. */
export function addMonths(month, count) {
    return DateTime.fromISO(`${month}-01`).plus({months: count}).toFormat("yyyy-MM");
}

/** Return the first and the last day of a month. */
export function monthBounds(month) {
    const first = DateTime.fromISO(`${month}-01`);
    return [first.toISODate(), first.endOf("month").toISODate()];
}

/**
 * Return the weeks of a month as lists of seven days; days of other months are null.
 *
 * @param {string} month
 * @param {number} weekStart 1 is Monday, 7 is Sunday
 */
export function monthWeeks(month, weekStart) {
    const first = DateTime.fromISO(`${month}-01`);
    const cells = Array((first.weekday - weekStart + 7) % 7).fill(null);
    for (let day = 1; day <= first.daysInMonth; day++) {
        cells.push(first.set({day}).toISODate());
    }
    while (cells.length % 7) {
        cells.push(null);
    }
    return Array.from({length: cells.length / 7}, (_, week) => cells.slice(week * 7, week * 7 + 7));
}

/**
 * Return the day that an arrow key leads to among those that can be booked; undefined when the month has none there.
 *
 * @param {string[]} days sorted days that can be booked
 * @param {string} from
 * @param {number} step -1, 1: the neighbour; -7, 7: the same weekday of an earlier or later week, else the neighbour
 */
export function neighbour(days, from, step) {
    const ahead = step > 0 ? days.filter((day) => day > from) : days.filter((day) => day < from).reverse();
    const weekday = DateTime.fromISO(from).weekday;
    const isWeek = Math.abs(step) === 7;
    return (isWeek && ahead.find((day) => DateTime.fromISO(day).weekday === weekday)) || ahead[0];
}

/** Return whether the browser's clock differs from that of zone `tz` in the given month. */
export function isOtherZone(tz, month) {
    const noon = DateTime.fromISO(`${month}-15T12:00`, {zone: tz});
    return noon.isValid && noon.offset !== -new Date(noon.toMillis()).getTimezoneOffset();
}
