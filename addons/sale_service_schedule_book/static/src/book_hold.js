import {Interaction} from "@web/public/interaction";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

const SECOND = 1000;
/** When the remaining time is spoken, in seconds. */
const SPOKEN = [300, 120, 60, 30];
/** From here on the remaining time is shown as a warning. */
const SHORT = 120;
/** A tick that comes so late means that the machine slept. */
const SLEPT = 3 * SECOND;
const RESYNC = 60 * SECOND;
const RETRY = 2 * SECOND;

/**
 * Shows how long a time is still kept, on the server's clock: the page brings the remaining seconds, and they are asked
 * for again after sleep, when the page is shown again and every minute. Without this script the page says until when.
 */
export class BookTimer extends Interaction {
    static selector = ".o_book_timer";
    dynamicContent = {
        _window: {"t-on-pageshow": this.sync, "t-on-focus": this.sync, "t-on-online": this.sync},
        _document: {"t-on-visibilitychange": this.onVisibility},
    };

    setup() {
        this.spoken = Infinity;
        this.isOver = false;
        this.setLeft(Number(this.el.dataset.seconds));
    }

    start() {
        this.el.querySelector(".o_book_until").classList.add("d-none");
        this.el.querySelector(".o_book_left").classList.remove("d-none");
        this.lastTick = Date.now();
        this.lastSync = Date.now();
        const ticking = setInterval(() => this.tick(), SECOND);
        this.registerCleanup(() => clearInterval(ticking));
        this.show();
    }

    setLeft(seconds) {
        this.endsAt = performance.now() + seconds * SECOND;
    }

    getLeft() {
        return Math.max(0, Math.ceil((this.endsAt - performance.now()) / SECOND));
    }

    onVisibility() {
        if (document.visibilityState === "visible") {
            this.sync();
        }
    }

    tick() {
        const now = Date.now();
        const hasSlept = Math.abs(now - this.lastTick - SECOND) > SLEPT;
        this.lastTick = now;
        const patience = this.getLeft() === 0 ? RETRY : RESYNC;
        if (hasSlept || now - this.lastSync > patience) {
            this.sync();
        }
        this.show();
    }

    /** Ask the server; while it cannot be reached our own count goes on. */
    async sync() {
        if (this.isOver || this.isAsking) {
            return;
        }
        this.isAsking = true;
        this.lastSync = Date.now();
        try {
            const response = await fetch(this.el.dataset.status, {cache: "no-store"});
            const {step, seconds} = await response.json();
            if (step === "open" && seconds > 0) {
                this.setLeft(seconds);
            } else {
                this.isOver = true;
                await this.end(step);
            }
        } catch {
            // no connection: the next tick asks again
        } finally {
            this.isAsking = false;
        }
    }

    show() {
        const left = this.getLeft();
        const minutes = String(Math.floor(left / 60)).padStart(2, "0");
        this.el.querySelector(".o_book_clock").textContent = `${minutes}:${String(left % 60).padStart(2, "0")}`;
        this.el.classList.toggle("o_book_timer_short", left <= SHORT);
        this.el.classList.toggle("alert-info", left > SHORT);
        this.speak(left);
    }

    /** Say the remaining time once at each mark; after a sleep only the last one that was passed. */
    speak(left) {
        const mark = SPOKEN.filter((seconds) => left <= seconds).pop();
        if (mark !== undefined && mark < this.spoken) {
            this.spoken = mark;
            this.say(
                mark >= 60
                    ? _t("Your time is kept for another %s minutes.", Math.ceil(left / 60))
                    : _t("Your time is kept for another %s seconds.", left),
            );
        }
    }

    say(text) {
        this.el.querySelector(".o_book_spoken").textContent = text;
    }

    /** The hold is over, or was booked in another tab: keep what was typed, then show the present state. */
    async end(step) {
        const form = document.querySelector(".o_book_form");
        if (form && step === "ended") {
            await postDraft(form);
        }
        if (step !== "ended") {
            window.location.replace(this.el.dataset.ended);
            return;
        }
        const response = await fetch(this.el.dataset.ended, {cache: "no-store"});
        const page = new DOMParser().parseFromString(await response.text(), "text/html");
        const ended = page.querySelector(".o_book_page");
        const shown = document.querySelector(".o_book_page");
        if (!ended || !shown) {
            window.location.replace(this.el.dataset.ended);
            return;
        }
        window.history.replaceState(null, "", this.el.dataset.ended);
        shown.replaceWith(document.importNode(ended, true));
        document.querySelector(".o_book_page .o_book_heading")?.focus();
    }
}

/** Send what was typed, files left out. */
function postDraft(form, isLeaving = false) {
    const body = new FormData(form);
    for (const field of form.querySelectorAll("input[type=file], input[type=password]")) {
        body.delete(field.name);
    }
    if (isLeaving) {
        navigator.sendBeacon(form.dataset.draft, body);
        return null;
    }
    return fetch(form.dataset.draft, {method: "POST", body});
}

/** The page with the details: double clicks send once, and what was typed is kept when the page is left. */
export class BookForm extends Interaction {
    static selector = ".o_book_form, .o_book_place_form";
    dynamicContent = {
        _root: {"t-on-submit": this.onSubmit, "t-on-input": this.onInput},
        _window: {"t-on-pageshow": this.onPageShow},
        _document: {"t-on-visibilitychange": this.onVisibility},
    };

    start() {
        document.querySelector(".o_book_errors")?.focus();
    }

    onInput() {
        this.isDirty = true;
    }

    onSubmit(ev) {
        if (this.isSent) {
            ev.preventDefault();
            return;
        }
        this.isSent = true;
        this.isDirty = false;
        this.el.querySelector("[type=submit]").setAttribute("aria-disabled", "true");
    }

    onPageShow() {
        this.isSent = false;
        this.el.querySelector("[type=submit]").removeAttribute("aria-disabled");
    }

    onVisibility() {
        if (document.visibilityState === "hidden" && this.isDirty && this.el.dataset.draft) {
            this.isDirty = false;
            postDraft(this.el, true);
        }
    }
}

/** The pages that say how it ended: the reader hears it first. */
export class BookEnded extends Interaction {
    static selector = ".o_book_ended";

    start() {
        (this.el.querySelector(".o_book_errors") || this.el.querySelector(".o_book_heading"))?.focus();
    }
}

registry.category("public.interactions").add("sale_service_schedule_book.timer", BookTimer);
registry.category("public.interactions").add("sale_service_schedule_book.form", BookForm);
registry.category("public.interactions").add("sale_service_schedule_book.ended", BookEnded);
