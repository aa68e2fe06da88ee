import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {SendingState, useSending} from "../ui/sending";
import {Sheet} from "../ui/sheet";

/** Why it cannot be done: the stop goes back to dispatch. */
export class ReturnForm extends Component {
    static template = "fieldservice_schedule_day.ReturnForm";
    static components = {SendingState, Sheet};
    static props = {stop: Object, close: Function, leave: Function};

    setup() {
        this.sending = useSending(`return:${this.props.stop.id}`, {reason: "", note: ""});
        this.draft = useState(this.sending.draft);
        this.reasons = [
            ["absent", _t("Customer is not there")],
            ["unreachable", _t("I cannot get to it")],
            ["part", _t("A part is missing")],
            ["other", _t("Something else")],
        ];
    }

    async submit() {
        if (await this.sending.send("return", this.props.stop.id, {...this.draft})) {
            this.props.leave();
        }
    }
}
