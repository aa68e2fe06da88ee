import {registry} from "@web/core/registry";
import {patient} from "@service_schedule/../tests/tours/patience";

registry.category("web_tour.tours").add("service_portal_order", {
    url: "/my/service",
    steps: patient(() => [
        {trigger: ".o_service_empty a:contains(New order)", run: "click", expectUnloadPage: true},
        {content: "the picker waits", trigger: ".o_service_js:not(:has(.o_service_picker:visible))"},
        {trigger: "#service_quantity", run: "edit 3"},
        {content: "the price follows", trigger: ".o_service_total:contains(37.50)"},
        {trigger: "#service_note", run: "edit By tour"},
        {trigger: "#service_when_later", run: "click"},
        {trigger: "#service_next", run: "click"},
        {content: "the next month", trigger: "#service_previous:enabled"},
        {trigger: ".o_service_form:not([aria-busy]) .o_service_day[aria-pressed=false]:first", run: "click"},
        {content: "focus went on to the times", trigger: "#service_times input:focus"},
        {content: "the note stayed", trigger: "#service_note:value(By tour)"},
        {trigger: ".o_service_slot:contains(Afternoon) input", run: "click"},
        {trigger: ".o_service_place", run: "click", expectUnloadPage: true},
        {content: "confirmed", trigger: ".o_service_news:contains(scheduled for):contains(Afternoon)"},
        {trigger: ".o_service_reschedule", run: "click", expectUnloadPage: true},
        {content: "prefilled", trigger: ".o_service_js .o_service_slot:contains(Afternoon) input:checked"},
        {trigger: ".o_service_slot:contains(Evening) input", run: "click"},
        {trigger: ".o_service_place", run: "click", expectUnloadPage: true},
        {content: "moved", trigger: ".o_service_news:contains(rescheduled to):contains(Evening)"},
        {trigger: ".o_service_cancel", run: "click", expectUnloadPage: true},
        {trigger: ".o_service_confirm_cancel", run: "click", expectUnloadPage: true},
        {content: "cancelled", trigger: ".o_service_panel .badge:contains(Cancelled)"},
    ]),
});
