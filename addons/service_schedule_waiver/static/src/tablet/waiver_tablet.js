import {Component, markup, onWillStart, useRef, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {WaiverSignature} from "../signature/waiver_signature";

/** The page that the staff hand over: the customer reads, signs and gives the tablet back. */
export class WaiverTablet extends Component {
    static template = "service_schedule_waiver.WaiverTablet";
    static components = {WaiverSignature};
    static props = {...standardActionServiceProps};

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.root = useRef("root");
        this.reservationId = this.props.action.context.active_id;
        this.signature = useState({name: "", isSignatureEmpty: true, getSignatureImage: () => ""});
        this.state = useState({form: null, isSending: false, error: ""});
        onWillStart(async () => this.show(await this.orm.call("service.reservation", "get_waiver_form", [this.ids])));
    }

    get ids() {
        return [this.reservationId];
    }

    get widgetProps() {
        return {signature: this.signature, fontColor: "black", mode: "draw", displaySignatureRatio: 4};
    }

    get canSign() {
        return this.signature.name.trim() && !this.signature.isSignatureEmpty && !this.state.isSending;
    }

    show(form) {
        if (!this.state.form) {
            this.signature.name = form.customer;
        }
        this.state.form = {...form, body: markup(form.body)};
    }

    async onSign() {
        this.state.isSending = true;
        this.state.error = "";
        const picture = this.signature.getSignatureImage().split(",")[1];
        const {version_id} = this.state.form;
        try {
            this.show(
                await this.orm.call("service.reservation", "sign_waiver_on_tablet", [
                    this.ids,
                    this.signature.name,
                    version_id,
                    picture,
                ]),
            );
            this.root.el.scrollTop = 0;
        } catch (error) {
            await this.onRefused(error);
        } finally {
            this.state.isSending = false;
        }
    }

    /** The customer reads what is wrong on the page that he holds; a new text is shown to be read. */
    async onRefused(error) {
        this.state.error = error.data?.message || _t("The signature could not be sent. Check the connection.");
        if (error.exceptionName?.endsWith(".WaiverChanged")) {
            this.show(await this.orm.call("service.reservation", "get_waiver_form", [this.ids]));
            this.root.el.scrollTop = 0;
        }
    }

    /** Back to where the tablet was before it was handed over. */
    onLeave() {
        if (this.env.config.breadcrumbs?.length > 1) {
            this.env.config.historyBack();
        } else {
            this.action.doAction({
                type: "ir.actions.act_window",
                res_model: "service.reservation",
                res_id: this.reservationId,
                views: [[false, "form"]],
            });
        }
    }
}

registry.category("actions").add("service_waiver_tablet", WaiverTablet);
