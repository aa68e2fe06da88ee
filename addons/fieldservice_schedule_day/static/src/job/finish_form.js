import {Component, useState} from "@odoo/owl";
import {SendingState, useSending} from "../ui/sending";
import {Sheet} from "../ui/sheet";
import {Photos} from "./photos";

/** What was done, and a note for dispatch. */
export class FinishForm extends Component {
    static template = "fieldservice_schedule_day.FinishForm";
    static components = {Photos, SendingState, Sheet};
    static props = {stop: Object, close: Function};

    setup() {
        this.sending = useSending(`finish:${this.props.stop.id}`, {done: "", note: ""});
        this.draft = useState(this.sending.draft);
        this.open = this.props.stop.checklist.filter((one) => !one.done).length;
    }

    async submit() {
        if (await this.sending.send("finish", this.props.stop.id, {...this.draft})) {
            this.props.close();
        }
    }
}
