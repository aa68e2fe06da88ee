import {Component, useState} from "@odoo/owl";
import {SendingState, useSending} from "../ui/sending";
import {Sheet} from "../ui/sheet";

/** Something that colleagues should know. */
export class NoteForm extends Component {
    static template = "fieldservice_schedule_day.NoteForm";
    static components = {SendingState, Sheet};
    static props = {stop: Object, close: Function};

    setup() {
        this.sending = useSending(`note:${this.props.stop.id}`, {note: ""});
        this.draft = useState(this.sending.draft);
    }

    async submit() {
        if (await this.sending.send("note", this.props.stop.id, {...this.draft})) {
            this.props.close();
        }
    }
}
