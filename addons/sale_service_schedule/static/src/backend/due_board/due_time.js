import {_t} from "@web/core/l10n/translation";

/** How people say a distance in time: "25 min", "2 h", "1 h 25 min", "3 days". `minutes` is not negative. */
export function describeMinutes(minutes) {
    const rest = minutes % 60;
    if (minutes < 60) {
        return _t("%s min", minutes);
    }
    if (minutes < 1440) {
        const hours = Math.floor(minutes / 60);
        return rest ? _t("%(hours)s h %(minutes)s min", {hours, minutes: rest}) : _t("%s h", hours);
    }
    const days = Math.floor(minutes / 1440);
    return days === 1 ? _t("1 day") : _t("%s days", days);
}

/**
 * Return where an order belongs: the lane ("todo", "preparing", "ready") and, of what is to do, the group.
 *
 * The server tells the bucket; a due order turns overdue here when its time passes before the next answer.
 *
 * @param {Object} order as `sale.order._get_board_values` returns it
 * @param {number} now in milliseconds, by the server's clock
 */
export function placeOrder(order, now) {
    if (order.state === "preparing" || order.state === "ready") {
        return {lane: order.state, group: order.state};
    }
    if (order.is_earlier) {
        return {lane: "todo", group: "earlier"};
    }
    const isPast = order.bucket === "due_soon" && Date.parse(order.promised) < now;
    return {lane: "todo", group: isPast ? "overdue" : order.bucket};
}

/** Return the distance to the promised time as a card shows it, "" when it needs none. */
export function describeDue(order, group, now) {
    const minutes = Math.round((Date.parse(order.promised) - now) / 60000);
    if (group === "overdue" || (group === "earlier" && order.bucket !== "walk_in")) {
        return _t("%s late", describeMinutes(Math.max(1, -minutes)));
    }
    if (group === "due_soon") {
        return minutes < 1 ? _t("now") : _t("in %s", describeMinutes(minutes));
    }
    if (order.bucket === "walk_in" && group !== "ready" && group !== "preparing") {
        return minutes > -1 ? _t("just now") : _t("waits %s", describeMinutes(-minutes));
    }
    return "";
}
