import {Component} from "@odoo/owl";
import {spanLabel} from "./wall_clock";

/** What a job is about, and what can be done with it. */
export class JobPopover extends Component {
    static template = "fieldservice_schedule_board.JobPopover";
    static props = {
        job: Object,
        zone: String,
        actions: Object,
        close: Function,
    };

    get when() {
        const {job, zone} = this.props;
        return job.start ? spanLabel(job.start, job.stop, zone) : "";
    }

    run(name, ...args) {
        this.props.close();
        return this.props.actions[name](this.props.job, ...args);
    }
}
