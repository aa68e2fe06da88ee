import {Component, useEffect, useRef, useState} from "@odoo/owl";
import {localization} from "@web/core/l10n/localization";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {KeepLast} from "@web/core/utils/concurrency";
import {useService} from "@web/core/utils/hooks";
import {useRecordObserver} from "@web/model/relational_model/utils";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {addMonths, dayOfChoice, isOtherZone, monthBounds, monthWeeks, neighbour} from "./slot_dates";

const {DateTime, Info} = luxon;

const ARROWS = {ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7};

/**
 * Chooses one of the times of an offer: a month of days that can be booked, then the windows and times of the day.
 *
 * The value of the field is the choice as `service.offer.parse_choice` reads it.
 */
export class SlotPickerField extends Component {
    static template = "service_schedule.SlotPickerField";
    static props = {
        ...standardFieldProps,
        offerField: {type: String, optional: true},
        lanesField: {type: String, optional: true},
        reservationField: {type: String, optional: true},
    };
    static defaultProps = {offerField: "offer_id", lanesField: "lanes", reservationField: ""};

    setup() {
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.root = useRef("root");
        this.pendingFocus = null;
        this.state = useState({
            status: "loading",
            month: dayOfChoice(this.value).slice(0, 7) || DateTime.now().toFormat("yyyy-MM"),
            days: {},
            today: "",
            tz: "",
            day: dayOfChoice(this.value),
            tabDay: "",
            isCleared: false,
        });
        useRecordObserver((record) => this.onParametersChanged(record));
        useEffect(() => this.applyPendingFocus());
        this.weekStart = localization.weekStart || 7;
        const shift = (names) => names.map((_name, index) => names[(this.weekStart - 1 + index) % 7]);
        this.weekdays = shift(Info.weekdays("short"));
        this.weekdayNames = shift(Info.weekdays("long"));
    }

    // ------------------------------------------------------------------
    // What the record says
    // ------------------------------------------------------------------

    get value() {
        return this.props.record.data[this.props.name] || "";
    }

    readParameters(record) {
        const {offerField, lanesField, reservationField} = this.props;
        return {
            offerId: record.data[offerField]?.id || false,
            lanes: record.data[lanesField] || 1,
            reservationId: (reservationField && record.data[reservationField]?.id) || false,
        };
    }

    /** Load when the offer, the places taken or the reservation that moves are new ones. */
    onParametersChanged(record) {
        const parameters = this.readParameters(record);
        const key = JSON.stringify(parameters);
        if (key !== this.parametersKey) {
            this.parametersKey = key;
            this.parameters = parameters;
            this.load(dayOfChoice(this.value).slice(0, 7) || this.state.month);
        }
    }

    // ------------------------------------------------------------------
    // Loading
    // ------------------------------------------------------------------

    /** Show a month; `focus` ("first", "last" or "month") says what gets the focus when it is there. */
    async load(month, focus = null) {
        Object.assign(this.state, {status: "loading", month});
        const {offerId, lanes, reservationId} = this.parameters;
        if (!offerId) {
            Object.assign(this.state, {status: "none", days: {}, day: ""});
            return;
        }
        const [first, last] = monthBounds(month);
        let result;
        try {
            result = await this.keepLast.add(
                this.orm.silent.call("service.offer", "get_slots", [offerId, first, last, lanes, reservationId]),
            );
        } catch {
            Object.assign(this.state, {status: "error", days: {}});
            return;
        }
        this.show(result, focus);
    }

    show({days, today, tz}, focus) {
        Object.assign(this.state, {status: "ready", days, today, tz});
        if (this.state.month < today.slice(0, 7)) {
            this.load(today.slice(0, 7), focus);
            return;
        }
        this.clearLostChoice();
        if (!days[this.state.day]) {
            this.state.day = "";
        }
        const openDays = this.openDays;
        this.state.tabDay = this.state.day || (focus === "last" ? openDays.at(-1) : openDays[0]) || "";
        this.pendingFocus = focus === "first" || focus === "last" ? "day" : null;
    }

    /** Forget a chosen time that somebody else took, or that has no room for what is ordered now. */
    clearLostChoice() {
        const day = dayOfChoice(this.value);
        const isShown = day.startsWith(this.state.month);
        if (isShown && !(this.state.days[day] || []).some((slot) => slot.choice === this.value)) {
            this.props.record.update({[this.props.name]: false});
            this.state.isCleared = true;
        }
    }

    // ------------------------------------------------------------------
    // What the template shows
    // ------------------------------------------------------------------

    get openDays() {
        return Object.keys(this.state.days).sort();
    }

    get weeks() {
        return monthWeeks(this.state.month, this.weekStart);
    }

    get monthLabel() {
        return DateTime.fromISO(`${this.state.month}-01`).toFormat("LLLL yyyy");
    }

    get nextMonthLabel() {
        return DateTime.fromISO(`${addMonths(this.state.month, 1)}-01`).toFormat("LLLL yyyy");
    }

    get hasPreviousMonth() {
        const {month, today} = this.state;
        return month > (today || DateTime.now().toISODate()).slice(0, 7);
    }

    get zoneLabel() {
        const {tz, month} = this.state;
        return tz && isOtherZone(tz, month) ? tz.replaceAll("_", " ") : "";
    }

    get dayLabel() {
        return this.formatDay(this.state.day);
    }

    get windows() {
        return this.slotsOfDay.filter((slot) => slot.kind === "window");
    }

    get times() {
        return this.slotsOfDay.filter((slot) => slot.kind === "time");
    }

    get slotsOfDay() {
        return this.state.days[this.state.day] || [];
    }

    get chosenLabel() {
        const day = dayOfChoice(this.value);
        const slot = (this.state.days[day] || []).find(({choice}) => choice === this.value);
        return slot ? _t("%(day)s, %(time)s", {day: this.formatDay(day), time: slot.label}) : "";
    }

    formatDay(day) {
        return day && DateTime.fromISO(day).toLocaleString(DateTime.DATE_HUGE);
    }

    dayNumber(day) {
        return Number(day.slice(8));
    }

    describeDay(day) {
        const parts = [this.formatDay(day)];
        if (day === this.state.today) {
            parts.push(_t("today"));
        }
        if (!this.state.days[day]) {
            parts.push(_t("nothing free"));
        }
        return parts.join(", ");
    }

    describePlaces({places}) {
        return places === 1 ? _t("1 place left") : _t("%s places left", places);
    }

    // ------------------------------------------------------------------
    // What people do
    // ------------------------------------------------------------------

    goToMonth(count) {
        this.load(addMonths(this.state.month, count));
    }

    onRetry() {
        this.load(this.state.month);
    }

    onShowNextMonth() {
        this.load(addMonths(this.state.month, 1), "first");
    }

    onDayChosen(day) {
        Object.assign(this.state, {day, tabDay: day, isCleared: false});
    }

    /** @param {{choice: string}} slot */
    onSlotChosen(slot) {
        this.state.isCleared = false;
        this.props.record.update({[this.props.name]: slot.choice});
    }

    /** Move among the days that can be booked: arrows, Home and End, and PageUp and PageDown for the month. */
    onDayKeydown(ev, day) {
        const days = this.openDays;
        if (ev.key in ARROWS) {
            const isMirrored = localization.direction === "rtl" && Math.abs(ARROWS[ev.key]) === 1;
            const step = isMirrored ? -ARROWS[ev.key] : ARROWS[ev.key];
            this.focusDay(neighbour(days, day, step), step);
        } else if (ev.key === "Home" || ev.key === "End") {
            this.focusDay(ev.key === "Home" ? days[0] : days.at(-1), 0);
        } else if (ev.key === "PageUp" || ev.key === "PageDown") {
            this.focusDay(undefined, ev.key === "PageUp" ? -1 : 1);
        } else {
            return;
        }
        ev.preventDefault();
        ev.stopPropagation();
    }

    /** Focus a day of this month; without one go on to the month before or after. */
    focusDay(day, step) {
        if (day) {
            this.state.tabDay = day;
            this.pendingFocus = "day";
        } else if (step > 0) {
            this.load(addMonths(this.state.month, 1), "first");
        } else if (step < 0 && this.hasPreviousMonth) {
            this.load(addMonths(this.state.month, -1), "last");
        }
    }

    applyPendingFocus() {
        if (this.pendingFocus && this.state.status === "ready") {
            this.pendingFocus = null;
            const target = this.root.el?.querySelector(`[data-day="${this.state.tabDay}"]:not(:disabled)`);
            (target || this.root.el?.querySelector(".o_slot_picker_next"))?.focus();
        }
    }
}

export const slotPickerField = {
    component: SlotPickerField,
    displayName: _t("Time of an Offer"),
    supportedTypes: ["char"],
    supportedOptions: [
        {label: _t("Offer field"), name: "offer", type: "string", default: "offer_id"},
        {label: _t("Places field"), name: "lanes", type: "string", default: "lanes"},
        {label: _t("Field of the reservation that moves"), name: "reservation", type: "string"},
    ],
    extractProps: ({options}) => ({
        offerField: options.offer,
        lanesField: options.lanes,
        reservationField: options.reservation,
    }),
};

registry.category("fields").add("service_slot_picker", slotPickerField);
