import * as hoot from "@odoo/hoot-dom";
import {registry} from "@web/core/registry";
import {patient, quiet, until} from "@service_schedule/../tests/tours/patience";

const tours = registry.category("web_tour.tours");

/** Pay with Odoo's demo provider; ``state`` is what the provider is to say. */
const pay = (state) => [
    {trigger: "#o_payment_form [name=o_payment_radio]:first", run: "click"},
    {trigger: "#customer_input:visible", run: "edit 4242"},
    {trigger: "#simulated_payment_state", run: `select ${state}`},
    {trigger: "[name=o_payment_submit_button]:enabled:visible", run: "click", expectUnloadPage: true},
];

/** Turn the pages of the months until one shows what is looked for: on the last days of a month the next one does. */
export const turnTo = (selector) => ({
    trigger: ".o_service_js.o_service_form, .o_service_js .o_service_form",
    run: async () => {
        while (!document.querySelector(selector)) {
            document.querySelector("#service_next").click();
            await quiet();
            await until(() => document.querySelector(".o_service_form:not([aria-busy])"));
        }
    },
});

/** From the list of services to the page with the details, the second day that is free. */
const choose = () => [
    {trigger: ".o_book_card:contains(Brake check)", run: "click", expectUnloadPage: true},
    {content: "the script is there", trigger: ".o_service_js .o_book_person:contains(Maria) input", run: "click"},
    turnTo(".o_service_day[aria-pressed=false]"),
    {trigger: ".o_service_form:not([aria-busy]) .o_service_day[aria-pressed=false]:first", run: "click"},
    {content: "focus went on to the times", trigger: ".o_service_form:not([aria-busy]) #service_times input:focus"},
    {trigger: ".o_service_slot:contains(11:00) input", run: "click"},
    {trigger: ".o_service_place", run: "click", expectUnloadPage: true},
    {content: "who it is, and for how long", trigger: ".o_book_who:contains(With Maria)"},
    {content: "counting", trigger: ".o_book_left:visible .o_book_clock:contains(:)"},
];

tours.add("service_book_guest", {
    url: "/book",
    steps: patient(() => [
        ...choose(),
        {content: "nothing typed", trigger: ".o_book_next", run: "click", expectUnloadPage: true},
        {content: "focus is on what is wrong", trigger: ".o_book_errors:focus:contains(Please enter your name)"},
        {trigger: "#service_name", run: "edit Gus Guest"},
        {trigger: "#service_email", run: "edit gus@example.com"},
        {trigger: ".o_book_question input[type=text]", run: "edit Volvo"},
        {trigger: ".o_book_question .form-check:contains(A light) input", run: "click"},
        {trigger: ".o_book_next", run: "click", expectUnloadPage: true},
        {content: "the review", trigger: ".o_book_answers:contains(Volvo):contains(A light)"},
        {trigger: ".o_book_due:contains(5.00)"},
        ...pay("error"),
        {content: "refused", trigger: ".o_book_ended h1:contains(The payment did not go through)"},
        {trigger: ".o_book_again:contains(Try again)", run: "click", expectUnloadPage: true},
        {content: "the same again", trigger: ".o_book_answers:contains(Volvo)"},
        ...pay("done"),
        {content: "booked", trigger: ".o_book_done[data-state=placed] h1:contains(is booked)"},
        {trigger: ".o_book_paid:contains(5.00)"},
    ]),
});

tours.add("service_book_pending", {
    url: "/book",
    steps: patient(() => [
        ...choose(),
        {trigger: "#service_name", run: "edit Gus Guest"},
        {trigger: "#service_email", run: "edit gus@example.com"},
        {trigger: ".o_book_question input[type=text]", run: "edit Volvo"},
        {trigger: ".o_book_next", run: "click", expectUnloadPage: true},
        ...pay("pending"),
        {content: "not Odoo's page that waits for ever", trigger: ".o_book_done[data-state=waiting]"},
    ]),
});

tours.add("service_book_expires", {
    url: "/book",
    steps: patient(() => [
        ...choose(),
        {trigger: "#service_name", run: "edit Gus Guest"},
        {
            content: "from now on the time is kept for two seconds, which the page hears when there is a line again",
            trigger: "#book_details",
            async run({anchor}) {
                const body = new FormData(anchor);
                body.set("soon", "1");
                await fetch(anchor.dataset.draft, {method: "POST", body});
                window.dispatchEvent(new Event("online"));
            },
        },
        {content: "the page says so by itself", trigger: ".o_book_ended h1:focus:contains(not kept any more)"},
        {trigger: ".o_book_again", run: "click", expectUnloadPage: true},
        {content: "nothing typed is lost", trigger: "#service_name:value(Gus Guest)"},
    ]),
});

/** Move the focus with the Tab key until it is on what ``selector`` finds; a keyboard that cannot get there fails. */
async function tabTo(selector) {
    for (let presses = 0; presses < 120; presses++) {
        if (document.activeElement.matches(selector)) {
            return;
        }
        await hoot.press("Tab");
    }
    throw new Error(`the keyboard does not get to ${selector}`);
}

/** Enter on a button or a link, and the space bar on a choice, are clicks to the page. */
const key = (trigger, selector) => ({
    trigger,
    run: async () => {
        await tabTo(selector);
        document.activeElement.click();
    },
});

const leave = (step) => ({...step, expectUnloadPage: true});

const type = (trigger, selector, text) => ({
    trigger,
    run: async () => {
        await tabTo(selector);
        await hoot.fill(text);
    },
});

tours.add("service_book_keyboard", {
    url: "/book",
    steps: patient(() => [
        leave(key(".o_book_card", ".o_book_card")),
        turnTo(".o_service_day[aria-pressed=false]"),
        key(".o_service_js", "button.o_service_day[aria-pressed=false]"),
        {
            trigger: ".o_service_form:not([aria-busy]) #service_times input:focus",
            run: () => document.activeElement.click(),
        },
        leave(key("#service_times input:checked", ".o_service_place")),
        type("#book_details", "#service_name", "Gus Guest"),
        type("#book_details", "#service_email", "gus@example.com"),
        type("#book_details", ".o_book_question input[type=text]", "Volvo"),
        key("#book_details", ".o_book_question input[type=radio]"),
        leave(key(".o_book_question input[type=radio]:checked", ".o_book_next")),
        leave(key(".o_book_place", ".o_book_place")),
        {content: "booked", trigger: ".o_book_done[data-state=placed]"},
    ]),
});
