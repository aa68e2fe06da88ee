import {registry} from "@web/core/registry";
import {rpc} from "@web/core/network/rpc";
import {patient} from "@service_schedule/../tests/tours/patience";

/** Enters a leave of Maria, as the form of a leave does. */
async function enterLeave() {
    const call = (model, method, args) =>
        rpc(`/web/dataset/call_kw/${model}/${method}`, {model, method, args, kwargs: {}});
    const [maria] = await call("resource.resource", "search", [[["name", "=", "Maria of the tour"]]]);
    const [reservation] = await call("service.reservation", "search_read", [
        [["resource_id", "=", maria]],
        ["start", "stop"],
    ]);
    await call("resource.calendar.leaves", "create", [
        [{name: "Ill", resource_id: maria, date_from: reservation.start, date_to: reservation.stop}],
    ]);
}

registry.category("web_tour.tours").add("service_schedule_trouble", {
    steps: patient(() => [
        {
            content: "Nothing is in trouble",
            trigger: ".o_nocontent_help:contains('Every promise can be kept')",
            run: enterLeave,
        },
        {
            content: "Whoever enters the leave is told, with the way to mend it",
            trigger:
                ".o_notification:contains('1 reservation needs a new time or person') button:contains('Show Them')",
            run: "click",
        },
        {
            content: "What it breaks is listed",
            trigger: ".o_data_row:contains('Person or place does not work then')",
        },
        {
            trigger: "thead .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".o_control_panel button:contains('Reassign')",
            run: "click",
        },
        {
            trigger: ".modal .o_radio_item:contains('Reassign') input:checked",
        },
        {
            trigger: ".modal footer button:contains('Do It')",
            run: "click",
        },
        {
            content: "The result says to whom",
            trigger: ".modal:contains('1 of 1 done.') .o_data_row:contains('Moved to Ann of the tour')",
        },
        {
            trigger: ".modal footer button:contains('Close')",
            run: "click",
        },
        {
            content: "The list is read again",
            trigger: ".o_nocontent_help:contains('Every promise can be kept')",
        },
    ]),
});
