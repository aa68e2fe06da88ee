import {registry} from "@web/core/registry";
import {patient} from "@service_schedule/../tests/tours/patience";

const tours = registry.category("web_tour.tours");

/** Fail where something is wider than the screen. */
function checkWidth() {
    const {scrollWidth, clientWidth} = document.documentElement;
    if (scrollWidth > clientWidth) {
        throw new Error(`The page is ${scrollWidth} wide on a screen of ${clientWidth}.`);
    }
}

tours.add("field_day", {
    steps: patient(() => [
        {trigger: "h1:contains(Today)", run: checkWidth},
        {trigger: ".o_field_card_next:contains(Harbour Fleet)"},
        {trigger: ".o_field_card_next .o_field_card_link", run: "click"},
        {trigger: "h1:contains(Harbour Fleet)", run: checkWidth},
        {trigger: "a[href^='geo:'], a[href^='https://maps.apple.com']"},
        {trigger: "a[href='tel:+12185550100']"},
        {trigger: ".o_field_checks label:contains(Photograph the damage) input", run: "click"},
        {trigger: "h2:contains(1 of 2)"},
        {trigger: ".o_field_foot button:contains(Start)", run: "click"},
        {trigger: ".o_field_foot button:contains(Finish)", run: "click"},
        {trigger: "dialog .o_field_alert:contains(1)", run: checkWidth},
        {trigger: "textarea[name=done]", run: "edit Filled the chip"},
        {trigger: "textarea[name=note]", run: "edit The gate code has changed"},
        {trigger: "dialog button[type=submit]", run: "click"},
        {trigger: "body:not(:has(dialog)) .o_field_state[data-state=completed]"},
        {trigger: ".o_field_foot a:contains(Next)", run: "click"},
        {trigger: ".o_field_more button:contains(Cannot do it)", run: "click"},
        {trigger: "dialog label:contains(A part is missing) input", run: "click"},
        {trigger: "dialog textarea", run: "edit The glass is broken"},
        {trigger: "dialog button[type=submit]", run: "click"},
        {trigger: "h1:contains(Today)"},
        {trigger: ".o_field_stops:not(:has(> li:nth-child(2)))", run: checkWidth},
    ]),
});
