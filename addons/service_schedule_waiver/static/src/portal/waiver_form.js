import {registry} from "@web/core/registry";
import {Interaction} from "@web/public/interaction";
import {WaiverSignature} from "../signature/waiver_signature";

/** Puts Odoo's signature widget into the form, which otherwise signs by the typed name. */
export class WaiverForm extends Interaction {
    static selector = ".o_waiver_form";
    dynamicContent = {
        _root: {"t-on-submit": this.onSubmit},
        _window: {"t-on-pageshow": this.onPageShow},
    };

    setup() {
        this.isSending = false;
        this.mode = "auto";
        this.plain = this.el.querySelector(".o_waiver_plain");
        this.signature = {name: this.plain.querySelector("input").value, isSignatureEmpty: true};
    }

    start() {
        this.el.ownerDocument.querySelector("#waiver_error")?.focus();
        this.mountComponent(this.el.querySelector(".o_waiver_widget"), WaiverSignature, {
            signature: this.signature,
            fontColor: "black",
            onReady: () => this.plain.remove(),
            onSignatureChange: (mode) => this.onSignatureChange(mode),
        });
    }

    onSignatureChange(mode) {
        this.mode = mode;
        this.complain(false);
    }

    /** Tell that there is nothing in the box, or that there is. */
    complain(isEmpty) {
        this.el.querySelector(".o_waiver_empty_picture").classList.toggle("d-none", !isEmpty);
    }

    onSubmit(ev) {
        const isEmpty = this.signature.isSignatureEmpty;
        if (this.isSending) {
            ev.preventDefault();
        } else if (isEmpty && this.mode !== "auto") {
            ev.preventDefault();
            this.complain(true);
        } else {
            const picture = isEmpty ? "" : this.signature.getSignatureImage().split(",")[1];
            this.el.querySelector("[name=signature]").value = picture;
            this.isSending = true;
            this.el.querySelector(".o_waiver_submit").setAttribute("aria-disabled", "true");
        }
    }

    /** Back from the next page: the browser may show this one as it was left. */
    onPageShow() {
        this.isSending = false;
        this.el.querySelector(".o_waiver_submit").removeAttribute("aria-disabled");
    }
}

registry.category("public.interactions").add("service_schedule_waiver.waiver_form", WaiverForm);
