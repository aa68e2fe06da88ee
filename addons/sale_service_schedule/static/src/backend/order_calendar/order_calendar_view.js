import {registry} from "@web/core/registry";
import {calendarView} from "@web/views/calendar/calendar_view";
import {OrderCalendarModel} from "./order_calendar_model";
import {OrderCalendarRenderer} from "./order_calendar_renderer";

export const orderCalendarView = {
    ...calendarView,
    Model: OrderCalendarModel,
    Renderer: OrderCalendarRenderer,
};

registry.category("views").add("service_order_calendar", orderCalendarView);
