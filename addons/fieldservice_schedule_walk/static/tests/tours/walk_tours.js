import {registry} from "@web/core/registry";
import {patient} from "@service_schedule/../tests/tours/patience";

const tours = registry.category("web_tour.tours");

function checkWidth() {
    const {scrollWidth, clientWidth} = document.documentElement;
    if (scrollWidth > clientWidth) {
        throw new Error(`The page is ${scrollWidth} wide on a screen of ${clientWidth}.`);
    }
}

/** Give the camera's input a picture, as the phone's camera does. */
async function shoot() {
    const canvas = document.createElement("canvas");
    canvas.width = 3000;
    canvas.height = 2000;
    canvas.getContext("2d").fillRect(0, 0, 1500, 1000);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg"));
    const files = new DataTransfer();
    files.items.add(new File([blob], "camera.jpg", {type: "image/jpeg"}));
    const input = document.querySelector("dialog input[type=file]");
    input.files = files.files;
    input.dispatchEvent(new Event("change", {bubbles: true}));
}

let taps = 0;

/** Count what a finger does in the quick job. */
function count() {
    document.addEventListener("click", (event) => (taps += event.isTrusted || event.detail >= 0 ? 1 : 0), true);
}

tours.add("field_walk", {
    steps: patient(() => [
        {trigger: ".o_field_card_next .o_field_card_link", run: "click"},
        {trigger: ".o_field_foot button:contains(Start)", run: "click"},
        {trigger: "a:contains(Walk the lot)", run: "click"},
        {trigger: ".o_walk_progress:contains(0 of 150)", run: checkWidth},
        // nothing to do, and taken back
        {trigger: ".o_walk_units li:contains(V-001) .o_walk_ok", run: "click"},
        {trigger: ".o_walk_progress:contains(1 of 150)"},
        {trigger: ".o_walk_undo:contains(V-001) button", run: "click"},
        {trigger: ".o_walk_progress:contains(0 of 150)"},
        {trigger: ".o_walk_units li:contains(V-002) .o_walk_ok", run: "click"},
        {trigger: ".o_walk_progress:contains(1 of 150)"},
        // a damage: search, unit, kind, photo, save
        {
            trigger: ".o_walk_search",
            run: (helpers) => {
                count();
                return helpers.edit("V-117");
            },
        },
        {trigger: ".o_walk_units:not(:has(> li:nth-child(2))) .o_walk_open", run: "click"},
        {trigger: "dialog .o_walk_tiles button:contains(Crack):contains(80)", run: "click"},
        {trigger: "dialog .o_field_camera:contains(Photo)", run: shoot},
        {trigger: "dialog .o_walk_shots img", run: checkWidth},
        {trigger: "dialog button[type=submit]:enabled", run: "click"},
        {
            trigger: "body:not(:has(dialog)) .o_walk_progress:contains(2 of 150)",
            run: () => {
                if (taps > 5) {
                    throw new Error(`The quick job took ${taps} taps.`);
                }
            },
        },
        // a unit that nobody has registered
        {trigger: ".o_walk_search", run: "edit NEW-9"},
        {trigger: ".o_walk_add:contains(NEW-9)", run: "click"},
        {trigger: ".o_walk_units li:contains(NEW-9) .o_walk_ok", run: "click"},
        {trigger: ".o_walk_progress:contains(3 of 151)"},
        {trigger: ".o_walk_filters button:contains(Damaged)", run: "click"},
        {trigger: ".o_walk_findings:contains(Crack):contains(80)", run: checkWidth},
        // the end: units are left, which is asked about
        {trigger: ".o_field_foot button:contains(Finish the walk)", run: "click"},
        {trigger: "dialog .o_field_alert_warn:contains(V-001)", run: checkWidth},
        {trigger: "dialog input[name=leave_open]", run: "click"},
        {trigger: "dialog button[type=submit]", run: "click"},
        {trigger: ".o_field_state[data-state=completed]"},
    ]),
});
