/**
 * A shop's promises are its own wall clock, and so is its calendar: what reads 17:00 on the shop's wall is shown at
 * 17:00, wherever the browser is. FullCalendar knows one zone, the browser's, so times are moved there and back.
 */
import {deserializeDateTime, serializeDateTime} from "@web/core/l10n/dates";

/** Return the time (UTC text of the server) at which the browser's clock shows what the shop's clock shows. */
export function toShopClock(text, zone) {
    const moment = deserializeDateTime(text);
    return serializeDateTime(moment.setZone(zone).setZone(moment.zone, {keepLocalTime: true}));
}

/** Return the time (UTC text for the server) at which the shop's clock shows what `moment` shows in the browser. */
export function fromShopClock(moment, zone) {
    return serializeDateTime(moment.setZone(zone, {keepLocalTime: true}));
}
