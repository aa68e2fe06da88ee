import {Interaction} from "@web/public/interaction";
import {registry} from "@web/core/registry";

const TYPING_PAUSE_MS = 400;

/**
 * The forms with a date picker work without this script: their buttons post the form and get the page again. Here the
 * same post brings the same form, and only its changed parts are swapped, so that typing and scrolling stay.
 */
export class ServiceForm extends Interaction {
    static selector = ".o_service_form";
    dynamicContent = {
        _root: {
            "t-on-submit": this.onSubmit,
            "t-on-change": this.onChange,
            "t-on-input": this.onInput,
        },
        _window: {"t-on-pageshow": this.onPageShow},
    };

    setup() {
        this.ticket = 0;
        this.isPlacing = false;
    }

    start() {
        this.el.classList.add("o_service_js");
        this.el.querySelector("[autofocus]")?.focus();
    }

    onSubmit(ev) {
        const value = ev.submitter?.value || "place";
        if (value !== "place") {
            ev.preventDefault();
            this.refresh(value);
        } else if (this.isPlacing) {
            ev.preventDefault();
        } else {
            this.isPlacing = true;
            this.el.querySelector(".o_service_place").setAttribute("aria-disabled", "true");
        }
    }

    /** Back from the next page: the browser may show this one as it was left. */
    onPageShow() {
        this.isPlacing = false;
        this.el.querySelector(".o_service_place").removeAttribute("aria-disabled");
    }

    onChange(ev) {
        if (ev.target.dataset.refresh && ev.target.type !== "number") {
            this.refresh("refresh");
        }
    }

    onInput(ev) {
        if (ev.target.dataset.refresh && ev.target.type === "number") {
            clearTimeout(this.typing);
            this.typing = setTimeout(() => this.refresh("refresh"), TYPING_PAUSE_MS);
            this.registerCleanup(() => clearTimeout(this.typing));
        }
    }

    /**
     * Post the form as the button with value `go` would and swap what has changed.
     *
     * @param {string} go "refresh", "month:2026-11" or "day:2026-11-05"
     */
    async refresh(go) {
        const ticket = ++this.ticket;
        const body = new FormData(this.el);
        body.set("go", go);
        body.set("fragment", "1");
        this.el.setAttribute("aria-busy", "true");
        const form = await this.waitFor(this.fetchForm(body));
        if (ticket !== this.ticket) {
            return; // a later answer is on its way
        }
        this.el.removeAttribute("aria-busy");
        this.el.querySelector(".o_service_offline").classList.toggle("d-none", Boolean(form));
        if (form) {
            this.swap(form, go);
        }
    }

    /** Return the form that the server answers, null when it cannot be had. */
    async fetchForm(body) {
        try {
            const response = await fetch(this.el.getAttribute("action"), {method: "POST", body});
            const page = new DOMParser().parseFromString(await response.text(), "text/html");
            return page.querySelector(this.constructor.selector);
        } catch {
            return null;
        }
    }

    swap(form, go) {
        const focused = this.el.ownerDocument.activeElement;
        const isTyping = focused.matches("input:not([type=radio])");
        const isOpen = this.el.querySelector("details")?.open;
        const choice = this.el.querySelector("[name=choice]:checked")?.value;
        for (const part of this.el.querySelectorAll("[data-swap]")) {
            const fresh = form.querySelector(`[data-swap="${part.dataset.swap}"]`);
            if (!part.isEqualNode(fresh) && !(isTyping && part.contains(focused))) {
                part.replaceWith(this.el.ownerDocument.importNode(fresh, true));
            }
        }
        this.keepTimes(isOpen, choice);
        this.focusAfter(go, focused);
    }

    /** What was opened or chosen while the answer was on its way stays so, if it is still there. */
    keepTimes(isOpen, choice) {
        const details = this.el.querySelector("details");
        if (details && isOpen) {
            details.open = true;
        }
        for (const radio of this.el.querySelectorAll("[name=choice]")) {
            radio.checked = radio.value === choice;
        }
    }

    /** After choosing a day go on to its times; after anything else stay where one was. */
    focusAfter(go, focused) {
        const times = this.el.querySelector("#service_times");
        if (go.startsWith("day:") && times) {
            (times.querySelector("input, summary") || times).focus({preventScroll: true});
            times.scrollIntoView({block: "nearest", behavior: "smooth"});
        } else if (!focused.isConnected) {
            const same = focused.id
                ? `#${CSS.escape(focused.id)}`
                : `[name="${focused.name}"][value="${CSS.escape(focused.value)}"]`;
            this.el.querySelector(`${same}:not(:disabled)`)?.focus({preventScroll: true});
        }
    }
}

registry.category("public.interactions").add("sale_service_schedule.service_form", ServiceForm);
