import {Component} from "@odoo/owl";
import {describePlan, listFacts} from "./job_facts";

/** What a job is about, and what can be done with it. */
export class JobPopover extends Component {
    static template = "fieldservice_schedule_board.JobPopover";
    static props = {
        job: Object,
        zone: String,
        actions: Object,
        close: Function,
    };

    get plan() {
        return describePlan(this.props.job, this.props.zone, true);
    }

    get facts() {
        return listFacts(this.props.job);
    }

    run(name, ...args) {
        this.props.close();
        return this.props.actions[name](this.props.job, ...args);
    }
}
