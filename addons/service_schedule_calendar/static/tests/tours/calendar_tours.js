import {registry} from "@web/core/registry";
import {dragTo, patient} from "@service_schedule/../tests/tours/patience";

/** Return a day of next month, of which all is still to come. */
const day = (number) => luxon.DateTime.utc().plus({months: 1}).set({day: number}).toISODate();
const cell = (number) => `.fc-daygrid-day[data-date="${day(number)}"]`;
const event = (number) => `${cell(number)} .fc-event:contains(John Doe)`;

registry.category("web_tour.tours").add("service_schedule_calendar", {
    steps: patient(() => [
        {trigger: ".scale_button_selection", run: "click"},
        {trigger: ".o_scale_button_month", run: "click"},
        {trigger: ".o_calendar_renderer .fc-dayGridMonth-view"},
        {trigger: ".o_calendar_button_next", run: "click"},
        {content: "Drag the appointment to another day", trigger: event(10), run: dragTo(cell(12))},
        {content: "It moved", trigger: event(12)},
        {content: "Drag it to a day when the shop is closed", trigger: event(12), run: dragTo(cell(14))},
        {content: "Odoo says why", trigger: ".modal:contains(cannot be booked):contains(Public holiday)"},
        {trigger: ".modal .btn-primary", run: "click"},
        {content: "It went back", trigger: event(12)},
        {trigger: `.o_calendar_renderer:not(:has(${event(14)}))`},
    ]),
});
