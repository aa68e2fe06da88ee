import * as hoot from "@odoo/hoot-dom";
import {browser} from "@web/core/browser/browser";

/** What tours share, so that none of them depends on how fast a machine is. */

const LONGEST = 60000; // milliseconds that Odoo lets a step wait at most
const FRAMES = 3; // in which nothing is asked: what came is drawn

const asked = [];
let underWay = 0;

function begin(text) {
    asked.push(text);
    underWay++;
}

/** Count what is asked of the server and not answered yet. */
function count() {
    const {send} = XMLHttpRequest.prototype;
    XMLHttpRequest.prototype.send = function (body) {
        begin(String(body));
        this.addEventListener("loadend", () => underWay--, {once: true});
        return send.call(this, body);
    };
    const {fetch} = browser;
    const countedFetch = async (...args) => {
        begin(String(args[0]));
        try {
            const answer = await fetch(...args);
            await answer.clone().arrayBuffer();
            return answer;
        } finally {
            underWay--;
        }
    };
    browser.fetch = countedFetch;
    window.fetch = countedFetch;
}

count();

/** Wait until a function returns something, and return it; the step's own patience ends it. */
export async function until(find) {
    for (;;) {
        const found = await find();
        if (found) {
            return found;
        }
        await hoot.animationFrame();
    }
}

/** Wait until the server has answered everything and the page shows it. */
export async function quiet() {
    for (let frames = 0; frames < FRAMES; frames = underWay ? 0 : frames + 1) {
        await hoot.animationFrame();
    }
}

/** Wait until something was asked of the server that contains all of some words. */
export const askedFor = (...words) => until(() => asked.some((text) => words.every((word) => text.includes(word))));

/**
 * Give each step of a tour as long as it takes. One that does something waits until its element is there and the
 * server has answered everything, then looks for the element again: what is about to be drawn anew is not touched.
 *
 * @param {() => object[]} getSteps
 */
export const patient = (getSteps) => () =>
    getSteps().flatMap((step) => [
        ...(step.run ? [{trigger: step.trigger, content: "nothing is under way", run: quiet, timeout: LONGEST}] : []),
        {timeout: LONGEST, ...step},
    ]);

/** Return what drags a step's element to the middle of another one, as slowly as libraries want. */
export const dragTo =
    (selector) =>
    async ({anchor}) => {
        const target = await hoot.waitFor(selector, {timeout: LONGEST});
        const {drop, moveTo} = await hoot.drag(anchor);
        for (const place of [anchor, anchor.nextElementSibling || document.body, target]) {
            await moveTo(place);
            await hoot.delay(100);
        }
        await drop();
        await hoot.animationFrame();
    };
