import {Component, onWillStart, useState} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";

/** Why a drop was refused, free times near it, and for a manager the way to do it all the same. */
export class RefusalDialog extends Component {
    static template = "fieldservice_schedule_board.RefusalDialog";
    static components = {Dialog};
    static props = {
        job: Object,
        message: String,
        findTimes: Function,
        choose: Function,
        overbook: [Function, {value: null}],
        close: Function,
    };

    setup() {
        this.state = useState({times: []});
        onWillStart(async () => {
            this.state.times = await this.props.findTimes();
        });
    }

    choose(time) {
        this.props.close();
        return this.props.choose(time);
    }

    overbook() {
        this.props.close();
        return this.props.overbook();
    }
}
