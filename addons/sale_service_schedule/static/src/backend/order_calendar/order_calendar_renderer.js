import {onMounted, onPatched} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {useService} from "@web/core/utils/hooks";
import {CalendarCommonRenderer} from "@web/views/calendar/calendar_common/calendar_common_renderer";
import {CalendarRenderer} from "@web/views/calendar/calendar_renderer";

const {DateTime} = luxon;

const SHORT_MINUTES = 45;

/** A month, week or day of orders with their number on each day, which lists them. */
export class OrderCalendarCommonRenderer extends CalendarCommonRenderer {
    static eventTemplate = "sale_service_schedule.OrderCalendarEvent";

    setup() {
        super.setup();
        this.action = useService("action");
        onMounted(() => this.showCounts());
        onPatched(() => this.showCounts());
    }

    get options() {
        return {
            ...super.options,
            eventDurationEditable: false, // how long it takes is the offer's business
            eventResizableFromStart: false,
            dayCellDidMount: this.showCounts,
            dayHeaderDidMount: this.showCounts,
        };
    }

    /** Override: work that has begun stays where it is. */
    convertRecordToEvent(record) {
        return {...super.convertRecordToEvent(record), startEditable: record.isMovable, durationEditable: false};
    }

    /** Override: short orders show their time and customer in one line. */
    eventClassNames({el, event}) {
        const classes = [...super.eventClassNames({el, event}), "o_order_event"];
        const record = this.props.model.records[event.id];
        const isShort = record && record.end.diff(record.start, "minutes").minutes <= SHORT_MINUTES;
        return isShort ? [...classes, "o_order_event_short"] : classes;
    }

    /** Put a button with the number of orders on every day that has some; FullCalendar has no place for it. */
    showCounts() {
        const counts = this.props.model.countByDay();
        const isMonth = this.props.model.scale === "month";
        const selector = isMonth ? ".fc-daygrid-day[data-date]" : ".fc-col-header-cell[data-date]";
        for (const cell of this.fc.el?.querySelectorAll(selector) || []) {
            const place = cell.querySelector(isMonth ? ".fc-daygrid-day-top" : ".fc-scrollgrid-sync-inner");
            cell.querySelector(".o_order_calendar_count")?.remove();
            if (place && counts[cell.dataset.date]) {
                place.append(this.makeCountButton(cell.dataset.date, counts[cell.dataset.date]));
            }
        }
    }

    makeCountButton(day, count) {
        const date = DateTime.fromISO(day).toFormat("LLLL d");
        const text = count === 1 ? _t("1 order") : _t("%s orders", count);
        const button = document.createElement("button");
        button.type = "button";
        button.className = "o_order_calendar_count btn btn-secondary";
        button.textContent = this.env.isSmall || this.props.model.scale === "month" ? count : text;
        button.dataset.day = day;
        const label = count === 1 ? _t("1 order on %s", date) : _t("%(count)s orders on %(date)s", {count, date});
        button.setAttribute("aria-label", label);
        button.dataset.tooltip = label;
        for (const type of ["mousedown", "touchstart", "pointerdown"]) {
            button.addEventListener(type, (ev) => ev.stopPropagation(), {passive: true});
        }
        button.addEventListener("click", (ev) => {
            ev.stopPropagation();
            this.openDay(day);
        });
        return button;
    }

    /** Override: a click on a day of the month lists its orders. */
    onDateClick(info) {
        const day = info.dateStr.slice(0, 10);
        if (this.props.model.scale === "month" && this.props.model.countByDay()[day]) {
            this.openDay(day);
        }
    }

    openDay(day) {
        const views = (this.env.config.views || []).filter(([, type]) => ["list", "form"].includes(type));
        const {model} = this.props;
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("Orders on %s", DateTime.fromISO(day).toLocaleString(DateTime.DATE_FULL)),
            res_model: model.resModel,
            views: views.length
                ? views
                : [
                      [false, "list"],
                      [false, "form"],
                  ],
            search_view_id: [this.env.searchModel?.searchViewId || false],
            domain: model.getDayDomain(day),
            context: {},
        });
    }
}

export class OrderCalendarRenderer extends CalendarRenderer {
    static components = {
        ...CalendarRenderer.components,
        day: OrderCalendarCommonRenderer,
        week: OrderCalendarCommonRenderer,
        month: OrderCalendarCommonRenderer,
    };
}
