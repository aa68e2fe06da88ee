import {onMounted} from "@odoo/owl";
import {NameAndSignature} from "@web/core/signature/name_and_signature";

/**
 * Odoo's signature, below a text: it leaves the focus where the reader is, and its buttons have names for those who
 * do not see them.
 */
export class WaiverSignature extends NameAndSignature {
    static template = "service_schedule_waiver.WaiverSignature";
    static props = {...NameAndSignature.props, onReady: {type: Function, optional: true}};

    setup() {
        super.setup();
        onMounted(() => this.props.onReady?.());
    }
}
