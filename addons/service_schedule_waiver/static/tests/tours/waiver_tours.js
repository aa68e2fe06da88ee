import {queryOne, queryRect} from "@odoo/hoot-dom";
import {registry} from "@web/core/registry";
import {patient} from "@service_schedule/../tests/tours/patience";

/** Draw a line on the signature's canvas as a finger does. */
function draw() {
    const canvas = queryOne("canvas.o_web_sign_signature");
    const {x, y, width, height} = queryRect(canvas);
    const points = [0.2, 0.4, 0.6, 0.8].map((part, index) => ({
        clientX: x + width * part,
        clientY: y + height * (index % 2 ? 0.3 : 0.7),
    }));
    const finger = {bubbles: true, cancelable: true, pointerId: 1, isPrimary: true, pressure: 0.5};
    const fire = (type, buttons, point) => canvas.dispatchEvent(new PointerEvent(type, {...finger, buttons, ...point}));
    fire("pointerdown", 1, points[0]);
    points.forEach((point) => fire("pointermove", 1, point));
    fire("pointerup", 0, points.at(-1));
}

/** Fail when the page scrolls sideways. */
function checkWidth() {
    const {scrollWidth, clientWidth} = document.documentElement;
    if (scrollWidth > clientWidth) {
        throw new Error(`The page is ${scrollWidth} wide on a screen of ${clientWidth}.`);
    }
}

registry.category("web_tour.tours").add("service_waiver_portal", {
    steps: patient(() => [
        {
            content: "the widget took the plain field's place",
            trigger: ".o_waiver_form:not(:has(.o_waiver_plain)) canvas",
        },
        {content: "nothing took the focus away from the text", trigger: "body:not(:has(.o_waiver_form :focus))"},
        {trigger: ".o_web_sign_name_input", run: "edit Ann D. Diver"},
        {trigger: ".o_waiver_submit", run: "click", expectUnloadPage: true},
        {content: "signed", trigger: ".o_waiver_signed:contains(Ann D. Diver):has(img)"},
        {content: "the document can be opened", trigger: ".o_waiver_signed .o_waiver_document"},
    ]),
});

registry.category("web_tour.tours").add("service_waiver_portal_draw", {
    steps: patient(() => [
        {trigger: ".o_waiver_form canvas", run: checkWidth},
        {trigger: ".o_web_sign_draw_button", run: "click"},
        {trigger: ".o_web_sign_draw_button[aria-pressed=true]"},
        {trigger: ".o_waiver_submit", run: "click"},
        {content: "an empty box is no signature", trigger: ".o_waiver_empty_picture:visible"},
        {trigger: "canvas.o_web_sign_signature", run: draw},
        {trigger: ".o_waiver_form:has(.o_waiver_empty_picture.d-none)"},
        {trigger: ".o_waiver_submit", run: "click", expectUnloadPage: true},
        {content: "signed", trigger: ".o_waiver_signed:contains(Ann Diver):has(img)", run: checkWidth},
    ]),
});

registry.category("web_tour.tours").add("service_waiver_tablet", {
    steps: patient(() => [
        {trigger: ".o_form_view:contains(Missing) button:contains(Sign Waiver)", run: "click"},
        {
            content: "nothing but the page",
            trigger: "body:not(:has(.o_main_navbar)) .o_waiver_tablet canvas",
            run: checkWidth,
        },
        {trigger: ".o_waiver_submit:disabled"},
        {trigger: "canvas.o_web_sign_signature", run: draw},
        {trigger: ".o_waiver_submit:enabled", run: "click"},
        {trigger: ".o_waiver_thanks:contains(Ann Diver)"},
        {trigger: ".o_waiver_done", run: "click"},
        {
            content: "back, with the navigation",
            trigger: "body:has(.o_main_navbar) .o_form_view:contains(Signed by Ann Diver)",
        },
        {trigger: ".o_form_view:not(:has(button[name=action_sign_waiver]:visible))"},
    ]),
});

registry.category("web_tour.tours").add("service_waiver_tablet_reloaded", {
    steps: patient(() => [
        {trigger: ".o_waiver_tablet .o_waiver_text:contains(diving is dangerous)"},
        {trigger: ".o_waiver_leave", run: "click"},
        {trigger: ".o_form_view:contains(Intro dive) button:contains(Sign Waiver)"},
    ]),
});

registry.category("web_tour.tours").add("service_waiver_override", {
    steps: patient(() => [
        {trigger: ".o_data_row:contains(Ann Diver):contains(Missing) .o_data_cell", run: "click"},
        {trigger: "button[name=action_override_waiver]", run: "click"},
        {trigger: ".modal [name=reason] textarea", run: "edit Signed on paper"},
        {trigger: ".modal button[name=action_override]", run: "click"},
        {trigger: ".o_form_view:contains(Overridden by):contains(Signed on paper)"},
        {content: "the customer may still sign", trigger: "button[name=action_sign_waiver]"},
        {trigger: ".o_form_view:not(:has(button[name=action_override_waiver]:visible))"},
    ]),
});
