import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";

/** What is to be ticked at a stop. A tick is shown at once and sent in the background. */
export class Checklist extends Component {
    static template = "fieldservice_schedule_day.Checklist";
    static props = {stop: Object};

    setup() {
        this.store = useState(this.env.store);
    }

    get progress() {
        const {checklist} = this.props.stop;
        return _t("%(done)s of %(count)s", {
            done: checklist.filter((one) => one.done).length,
            count: checklist.length,
        });
    }

    tick(item, done) {
        this.store.do("tick", this.props.stop.id, {item, done}, (stop) => {
            stop.checklist.find((one) => one.item === item).done = done;
        });
    }
}
