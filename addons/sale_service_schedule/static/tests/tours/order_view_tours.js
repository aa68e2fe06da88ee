import {registry} from "@web/core/registry";
import {dragTo, patient} from "@service_schedule/../tests/tours/patience";

const tours = registry.category("web_tour.tours");

/** Return a day of next month, of which all is still to come. */
const day = (number) => luxon.DateTime.utc().plus({months: 1}).set({day: number}).toISODate();
const cell = (number) => `.fc-daygrid-day[data-date="${day(number)}"]`;
const event = (number) => `${cell(number)} .fc-event:contains(Carla Caller)`;

tours.add("service_order_calendar", {
    steps: patient(() => [
        {trigger: ".o_calendar_button_next", run: "click"},
        {
            content: "Each day says how many orders it has",
            trigger: `${cell(10)} .o_order_calendar_count[aria-label^="2 orders on "]:contains(/^2$/)`,
        },
        {content: "Drag to another day", trigger: event(10), run: dragTo(cell(12))},
        {content: "It moved, with its time", trigger: event(12)},
        {trigger: `${cell(10)} .o_order_calendar_count:contains(/^1$/)`},
        {trigger: `${cell(12)} .o_order_calendar_count:contains(/^1$/)`},
        {content: "Drag to a day when the shop is closed", trigger: event(12), run: dragTo(cell(14))},
        {content: "The server says why", trigger: ".o_notification:contains(Not rescheduled):contains(closed)"},
        {content: "It went back", trigger: event(12)},
        {trigger: `.o_calendar_renderer:not(:has(${event(14)}))`},
        {trigger: `${cell(12)} .o_order_calendar_count:contains(/^1$/)`},
        {
            content: "The number lists the day's orders",
            trigger: `${cell(10)} .o_order_calendar_count`,
            run: "click",
        },
        {trigger: ".o_list_view .o_data_row:contains(Dora Diver)"},
        {trigger: ".o_list_view:not(:has(.o_data_row:contains(Carla Caller)))"},
        {trigger: ".o_list_view .o_data_row:only"},
    ]),
});

tours.add("service_order_calendar_week", {
    steps: patient(() => [
        {trigger: ".o_calendar_button_next", run: "click"},
        {trigger: ".fc-dayGridMonth-view .o_order_calendar_count"},
        {trigger: ".scale_button_selection", run: "click"},
        {trigger: ".o-dropdown--menu .o_scale_button_week", run: "click"},
        {
            content: "The week's headers count as well",
            trigger: ".fc-timeGridWeek-view .fc-col-header-cell .o_order_calendar_count:contains(1 order)",
        },
    ]),
});

const column = (label) => `.o_kanban_group:has(.o_kanban_header:contains(${label}))`;
const record = (label) => `${column(label)} .o_kanban_record:contains(Carla Caller)`;

tours.add("service_order_kanban", {
    steps: patient(() => [
        {content: "Drag to a state that is not the next", trigger: record("Pending"), run: dragTo(column("Ready"))},
        {content: "The server says why", trigger: ".modal .modal-body:contains(This step to Ready is not allowed)"},
        {trigger: ".modal .modal-footer .btn-primary", run: "click"},
        {content: "The card went back", trigger: record("Pending")},
        {trigger: `${column("Ready")}:not(:has(.o_kanban_record:contains(Carla Caller)))`},
        {content: "Drag to the next state", trigger: record("Pending"), run: dragTo(column("Confirmed"))},
        {trigger: record("Confirmed"), run: dragTo(column("Preparing"))},
        {trigger: record("Preparing")},
        {trigger: ".o_kanban_renderer:not(:has(.o_column_quick_create)):not(:has(.o_group_draggable))"},
    ]),
});
