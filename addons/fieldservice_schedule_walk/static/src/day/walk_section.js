import {Component, useState} from "@odoo/owl";
import {sections} from "@fieldservice_schedule_day/job/job_page";
import {Icon} from "@fieldservice_schedule_day/ui/icon";
import {_t} from "@web/core/l10n/translation";

/** How far a walk is, and the way to its units. */
export class WalkSection extends Component {
    static template = "fieldservice_schedule_walk.WalkSection";
    static components = {Icon};
    static props = {stop: Object};

    setup() {
        this.store = useState(this.env.store);
    }

    get walk() {
        return this.props.stop.walk;
    }

    get progress() {
        const {units, left} = this.walk;
        return _t("%(done)s of %(count)s", {done: units - left, count: units});
    }
}

sections.add("walk", {Component: WalkSection, isShown: (stop) => stop.kind === "walk"}, {sequence: 10});
