import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatFloat} from "@web/core/utils/numbers";
import {describeDue} from "./due_time";

export const STEPS = {
    pending: {method: "action_start_work", label: _t("Start"), icon: "fa-play"},
    confirmed: {method: "action_start_work", label: _t("Start"), icon: "fa-play"},
    preparing: {method: "action_ready", label: _t("Ready"), icon: "fa-check"},
    ready: {method: "action_picked_up", label: _t("Picked up"), icon: "fa-shopping-bag"},
};
const TONES = {earlier: "danger", overdue: "danger", due_soon: "warning", scheduled: "success"};
const DUE_ICONS = {earlier: "fa-exclamation-circle", overdue: "fa-exclamation-circle", due_soon: "fa-hourglass-half"};

/** One order of the board: what, for whom, until when, and the one step that comes next. */
export class DueCard extends Component {
    static template = "sale_service_schedule.DueCard";
    static props = {
        order: Object,
        group: String,
        now: Number,
        isBusy: Boolean,
        pointName: String,
        onOpen: Function,
        onStep: Function,
    };

    get step() {
        return STEPS[this.props.order.state];
    }

    get tone() {
        return TONES[this.props.group] || "info";
    }

    get due() {
        return describeDue(this.props.order, this.props.group, this.props.now);
    }

    get dueIcon() {
        return DUE_ICONS[this.props.group] || "fa-clock-o";
    }

    get isWalkIn() {
        return this.props.order.bucket === "walk_in";
    }

    get items() {
        return this.props.order.items.map(({quantity, name}) => ({
            quantity: formatFloat(quantity, {trailingZeros: false}),
            name,
        }));
    }

    /** The card opens its order, but not when its text is being selected. */
    onCardClick() {
        if (!window.getSelection().toString()) {
            this.props.onOpen(this.props.order);
        }
    }

    /** The second half of a double click must not take the next step, or that of the card that moved up. */
    onStepClick(ev) {
        if (ev.detail <= 1) {
            this.props.onStep(this.props.order, this.step.method, {isKeyboard: ev.detail === 0});
        }
    }
}
