import {browser} from "@web/core/browser/browser";
import {rpc} from "@web/core/network/rpc";
import {registry} from "@web/core/registry";
import {askedFor, patient, until} from "@service_schedule/../tests/tours/patience";

const SOON = 400; // milliseconds after which the board reads what it has heard of

const tours = registry.category("web_tour.tours");

/** Return the selector of a customer's card. */
const card = (customer, within = "") => `${within} .o_due_card:contains("${customer}")`.trim();

/** Call a method of the order behind a card past the board, as another tab or user would. */
async function callOrder(anchor, method) {
    const id = Number(anchor.dataset.orderId);
    await rpc(`/web/dataset/call_kw/sale.order/${method}`, {
        model: "sale.order",
        method,
        args: [[id]],
        kwargs: {},
    });
}

/** Return the steps that choose an existing record, and not "Create …", in a field of the dialog. */
const chooseRecord = (field, name) => [
    {
        trigger: `.modal .o_field_widget[name=${field}] input`,
        async run(helpers) {
            await helpers.edit(name);
            await askedFor("name_search", name); // a choice before that would open the suggestions again
        },
    },
    {trigger: `.o-autocomplete--dropdown-item:not(:contains(Create)):contains(${name})`, run: "click"},
    {trigger: `.modal .o_field_widget[name=${field}] input:value(${name})`},
    {content: "The suggestions are gone", trigger: "body:not(:has(.o-autocomplete--dropdown-menu))"},
];

tours.add("service_due_board_steps", {
    steps: patient(() => [
        {
            content: "The board counts what is due today, not what is late from earlier days or walks in",
            trigger: ".o_due_board_title:contains(Orders Due Today (3))",
        },
        {
            content: "An order of an earlier day is on top",
            trigger: `.o_due_lane_todo .o_due_group:first:contains(Earlier days) ${card("Eve Earlier")}`,
        },
        {content: "Overdue is red and says how late", trigger: card("Oscar Overdue", ".o_due_group_overdue")},
        {trigger: `${card("Oscar Overdue")}.o_due_card_danger .o_due_card_due.text-bg-danger:contains(late)`},
        {content: "Due soon is amber and says in how long", trigger: card("Sue Soon", ".o_due_group_due_soon")},
        {trigger: `${card("Sue Soon")}.o_due_card_warning .text-bg-warning:contains(/^in \\d/)`},
        {trigger: `${card("Sid Scheduled", ".o_due_group_scheduled")}.o_due_card_success`},
        {trigger: card("Will Walkin", ".o_due_group_walk_in")},
        {content: "It says what is to be done", trigger: `${card("Oscar Overdue")}:contains(3 × Nitrox fill)`},
        {trigger: `${card("Oscar Overdue")}:contains(Mind the valve)`},
        {
            content: "Start the overdue order, with a double click that is one step",
            trigger: `${card("Oscar Overdue")} .o_due_card_step:contains(Start)`,
            run({anchor}) {
                anchor.click();
                anchor.click();
            },
        },
        {
            content: "It is in progress and no longer late",
            trigger: `${card("Oscar Overdue", ".o_due_lane_preparing")}:not(:has(.text-bg-danger))`,
        },
        {
            trigger: `${card("Oscar Overdue", ".o_due_lane_preparing")} .o_due_card_step:enabled:contains(Ready)`,
            run: "click",
        },
        {
            trigger: `${card("Oscar Overdue", ".o_due_lane_ready")} .o_due_card_step:enabled:contains(Picked up)`,
            run: "click",
        },
        {content: "Handed over: it left the board", trigger: `.o_due_board:not(:has(${card("Oscar Overdue")}))`},
        {trigger: ".o_due_board_title:contains(Orders Due Today (2))"},
        {content: "A card opens its order", trigger: card("Sue Soon"), run: "click"},
        {trigger: ".o_form_view .o_field_widget[name=partner_id] input:value(Sue Soon)"},
        {trigger: ".o_form_view button[name=action_start_work]"},
    ]),
});

tours.add("service_due_board_live", {
    steps: patient(() => [
        {trigger: card("Sid Scheduled", ".o_due_lane_todo")},
        {
            content: "The board hears the server, and does not look by itself as it does each minute when it is seen",
            trigger: ".o_due_board",
            async run() {
                Object.defineProperty(document, "hidden", {get: () => true});
                await until(() => odoo.__WOWL_DEBUG__.root.env.services.bus_service.workerState === "CONNECTED");
            },
        },
        {
            content: "Somebody else starts the order",
            trigger: card("Sid Scheduled", ".o_due_lane_todo"),
            run: ({anchor}) => callOrder(anchor, "action_start_work"),
        },
        {content: "The board shows it by itself", trigger: card("Sid Scheduled", ".o_due_lane_preparing")},
        {
            content: "The connection is lost",
            trigger: ".o_due_board:not(:has(.o_due_board_lost))",
            run: () => window.dispatchEvent(new Event("offline")),
        },
        {trigger: ".o_due_board_lost[role=alert]:contains(Connection lost: what you see may be out of date)"},
        {
            content: "The connection comes back",
            trigger: ".o_due_board",
            run: () => window.dispatchEvent(new Event("online")),
        },
        {trigger: ".o_due_board:not(:has(.o_due_board_lost))"},
    ]),
});

tours.add("service_due_board_refused", {
    steps: patient(() => [
        {
            content: "The board does not know that somebody else cancelled the order",
            trigger: `${card("Sid Scheduled", ".o_due_lane_todo")}`,
            async run({anchor}) {
                const {setTimeout} = browser;
                browser.setTimeout = (call, delay) => (delay === SOON ? 0 : setTimeout(call, delay));
                anchor.querySelector(".o_due_card_step").focus();
                await callOrder(anchor, "action_cancel");
                anchor.querySelector(".o_due_card_step").click();
                browser.setTimeout = setTimeout;
            },
        },
        {content: "It says why", trigger: ".modal .modal-body:contains(This step to Preparing is not allowed)"},
        {trigger: ".modal .modal-footer .btn-primary", run: "click"},
        {content: "and shows what is so", trigger: `.o_due_board:not(:has(${card("Sid Scheduled")}))`},
    ]),
});

tours.add("service_slot_picker", {
    steps: patient(() => [
        {trigger: ".o_due_board_new", run: "click"},
        ...chooseRecord("partner_id", "Carla Caller"),
        ...chooseRecord("product_id", "Nitrox fill"),
        {trigger: ".modal .o_field_widget[name=when] .o_radio_item:contains(Scheduled) input", run: "click"},
        {content: "Today can be booked", trigger: ".o_slot_picker_today:enabled[aria-current=date]"},
        {
            content: "What is past cannot",
            trigger: ".o_slot_picker",
            run({anchor}) {
                const today = anchor.querySelector(".o_slot_picker_today").dataset.day;
                const past = [...anchor.querySelectorAll("[data-day]")].filter((day) => day.dataset.day < today);
                if (past.some((day) => !day.disabled)) {
                    throw new Error("A past day can be chosen");
                }
            },
        },
        {trigger: ".o_slot_picker_previous:disabled"},
        {trigger: ".o_slot_picker_following", run: "click"},
        {content: "Choose the first day", trigger: ".o_slot_picker_open[data-day$='-01']", run: "click"},
        {
            content: "The next day by the keyboard",
            trigger: "[data-day$='-01'][aria-pressed=true]",
            async run(helpers) {
                helpers.anchor.focus();
                await helpers.press("ArrowRight");
            },
        },
        {trigger: "[data-day$='-02'][tabindex='0']:focus", run: (helpers) => helpers.press("Enter")},
        {
            content: "Windows with places left, and times",
            trigger: ".o_slot_picker_slot[data-choice^=window]:contains(Afternoon):contains(10 places left)",
            run: "click",
        },
        {trigger: ".o_slot_picker_slot[aria-pressed=true]:contains(Afternoon)"},
        {trigger: ".o_slot_picker_chosen:contains(Afternoon)"},
        {
            content: "More than there is room for",
            trigger: ".modal .o_field_widget[name=quantity] input",
            run: "edit 11",
        },
        {trigger: ".modal .modal-title", run: "click"},
        {content: "The time is gone, and it says so", trigger: ".o_slot_picker_cleared"},
        {trigger: ".o_slot_picker_hint:contains(No free time in this month)"},
        {trigger: ".modal .o_field_widget[name=quantity] input", run: "edit 2"},
        {trigger: ".modal .modal-title", run: "click"},
        {trigger: ".o_slot_picker_open[data-day$='-02']", run: "click"},
        {
            trigger: ".o_slot_picker fieldset:contains(Specific time) .o_slot_picker_slot:contains(/^9:15/)",
            run: "click",
        },
        {trigger: ".o_slot_picker_chosen:contains(9:15)"},
        {trigger: ".modal button[name=action_create]", run: "click"},
        {trigger: ".o_notification:contains(scheduled for):contains(9:15)"},
    ]),
});
