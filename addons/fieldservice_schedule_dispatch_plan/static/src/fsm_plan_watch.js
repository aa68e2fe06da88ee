import {Component, onWillUnmount, useEffect, xml} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

const EVERY_MS = 1500;

/** Reads a plan again while it is computed in the background, so that the form shows how far it is. */
export class FsmPlanWatch extends Component {
    static template = xml`<span class="d-none"/>`;
    static props = standardWidgetProps;

    setup() {
        this.isGone = false;
        useEffect(
            (isWaiting) => {
                if (!isWaiting) {
                    return;
                }
                const timer = setInterval(() => this.read(), EVERY_MS);
                return () => clearInterval(timer);
            },
            () => [this.props.record.data.state === "waiting"],
        );
        onWillUnmount(() => {
            this.isGone = true;
        });
    }

    async read() {
        if (this.isReading || this.isGone || document.hidden) {
            return;
        }
        this.isReading = true;
        try {
            await this.props.record.load();
        } finally {
            this.isReading = false;
        }
    }
}

registry.category("view_widgets").add("fsm_plan_watch", {component: FsmPlanWatch});
