import {Interaction} from "@web/public/interaction";
import {PaymentPostProcessing} from "@payment/interactions/post_processing";
import {patch} from "@web/core/utils/patch";
import {registry} from "@web/core/registry";

/** On Odoo's page that waits for a payment: the way to skip the waiting, when it leads back to the wizard. */
const LANDING = "[name=o_payment_status] a[href^='/book/']";

/**
 * Odoo's page waits on while the payment is pending, which may take days. Who books goes on to his appointment instead,
 * where it says what is being waited for and until when the time is kept.
 */
patch(PaymentPostProcessing, {
    getFinalStates() {
        const states = super.getFinalStates(...arguments);
        if (document.querySelector(LANDING)) {
            states.add("pending");
        }
        return states;
    },
});

/** Whoever comes back to that page with the Back button finds it as he left it, asking no more: he is sent on again. */
export class BookPaymentStatus extends Interaction {
    static selector = LANDING;
    dynamicContent = {_window: {"t-on-pageshow": this.onPageShow}};

    onPageShow(ev) {
        if (ev.persisted) {
            window.location.replace(this.el.href);
        }
    }
}

registry.category("public.interactions").add("sale_service_schedule_book.payment_status", BookPaymentStatus);
