import {_t} from "@web/core/l10n/translation";
import {RPCError} from "@web/core/network/rpc";
import {CalendarModel} from "@web/views/calendar/calendar_model";
import {fromShopClock, toShopClock} from "./shop_clock";

const ZONE = "service_point_tz";

const WAITING_STATES = ["pending", "confirmed"];

const REFUSALS = /^odoo\.(addons\.service_schedule\.)?exceptions\./;

// Colours of Odoo's palette, and an icon with words for whoever cannot tell them apart
const LOOKS = {
    overdue: {colorIndex: 1, icon: "fa-exclamation-circle", label: _t("Overdue")},
    due_soon: {colorIndex: 2, icon: "fa-hourglass-half", label: _t("Due soon")},
    scheduled: {colorIndex: 10, icon: "", label: _t("Scheduled")},
    preparing: {colorIndex: 4, icon: "fa-cog", label: _t("Preparing")},
    ready: {colorIndex: 7, icon: "fa-check", label: _t("Ready")},
    picked_up: {colorIndex: 0, icon: "fa-shopping-bag", label: _t("Picked up")},
    cancelled: {colorIndex: 0, icon: "fa-ban", label: _t("Cancelled")},
};

/** Orders in a calendar: a drop asks the server to reschedule, and goes back when it says no. */
export class OrderCalendarModel extends CalendarModel {
    setup(params, services) {
        super.setup(params, services);
        this.meta.fieldNames = [
            ...new Set([...this.meta.fieldNames, "name", "partner_id", "fulfilment_state", "due_bucket", ZONE]),
        ];
    }

    /** Override: the time of an order is read-only as a field, since it changes by rescheduling. */
    get canEdit() {
        return this.meta.canEdit;
    }

    /** Override to load a day more at either end: a shop far away begins its day earlier or later. */
    computeRangeDomain(data) {
        const {start, end} = data.range;
        const range = {start: start.minus({days: 1}), end: end.plus({days: 1})};
        return super.computeRangeDomain({...data, range});
    }

    /** Override to show the shop's clock, to name the customer and to colour by what is due and how far it is. */
    normalizeRecord(rawRecord) {
        const {date_start, date_stop} = this.meta.fieldMapping;
        const record = super.normalizeRecord({
            ...rawRecord,
            [date_start]: toShopClock(rawRecord[date_start], rawRecord[ZONE]),
            [date_stop]: toShopClock(rawRecord[date_stop], rawRecord[ZONE]),
        });
        const {name, partner_id: partner, fulfilment_state: state, due_bucket: bucket} = rawRecord;
        const isWaiting = WAITING_STATES.includes(state);
        const look = LOOKS[isWaiting ? bucket : state] || LOOKS.scheduled;
        return {
            ...record,
            ...look,
            zone: rawRecord[ZONE],
            isMovable: isWaiting,
            title: partner ? `${partner[1]} ${name}` : name,
        };
    }

    /** Override to reschedule instead of writing dates. A day of the month keeps the time or window it had. */
    async updateRecord(record) {
        const keepTime = this.scale === "month" || record.isAllDay;
        try {
            await this.orm.call(this.resModel, "reschedule_from_calendar", [
                [record.id],
                fromShopClock(record.start, this.records[record.id].zone),
                keepTime,
            ]);
        } catch (error) {
            this.showRefusal(error);
        } finally {
            await this.load();
        }
    }

    /** Show why the server refused; what is no refusal but a fault goes on to Odoo's error dialog. */
    showRefusal(error) {
        if (!(error instanceof RPCError && REFUSALS.test(error.exceptionName))) {
            throw error;
        }
        this.notification.add(error.data.message, {
            type: "danger",
            title: _t("Not rescheduled"),
            sticky: true,
            className: "o_order_calendar_refusal",
        });
    }

    /** Return how many of the orders shown start on each day: `{"2026-10-15": 5}`. */
    countByDay() {
        const counts = {};
        for (const {start} of Object.values(this.records)) {
            const day = start.toISODate();
            counts[day] = (counts[day] || 0) + 1;
        }
        return counts;
    }

    /** Return the domain of the orders that are shown on a day. */
    getDayDomain(day) {
        const shown = Object.values(this.records).filter(({start}) => start.toISODate() === day);
        return [["id", "in", shown.map(({id}) => id)]];
    }
}
