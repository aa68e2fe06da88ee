import {Component, onMounted, useState} from "@odoo/owl";
import {finishForms} from "@fieldservice_schedule_day/job/job_page";
import {goTo} from "@fieldservice_schedule_day/router";
import {SendingState, useSending} from "@fieldservice_schedule_day/ui/sending";
import {Sheet} from "@fieldservice_schedule_day/ui/sheet";
import {useWalk} from "./walk";

const SOME = 12;

/** The end of a walk: what was found, what is left, and a note. */
export class WalkFinish extends Component {
    static template = "fieldservice_schedule_walk.WalkFinish";
    static components = {SendingState, Sheet};
    static props = {stop: Object, close: Function};

    setup() {
        Object.assign(this, useWalk(this.props.stop.id));
        this.sending = useSending(`finish:${this.props.stop.id}`, {note: "", leave_open: false});
        this.draft = useState(this.sending.draft);
        onMounted(() => this.walk.load()); // not before: what it changes would begin the form anew
    }

    get left() {
        return this.walk.units.filter((unit) => unit.state === "open");
    }

    get leftNames() {
        const names = this.left.slice(0, SOME).map((unit) => unit.name);
        return names.join(", ") + (this.left.length > SOME ? " …" : "");
    }

    async submit() {
        if (await this.sending.send("finish", this.props.stop.id, {...this.draft})) {
            this.props.close();
            goTo("job", this.props.stop.id);
        }
    }
}

finishForms.add("walk", WalkFinish);
