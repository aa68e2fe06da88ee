import {Component, onMounted, useRef} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {Icon} from "./icon";

/** A form on top of the page: the browser's own dialog, which keeps the focus and closes with Escape. */
export class Sheet extends Component {
    static template = "fieldservice_schedule_day.Sheet";
    static components = {Icon};
    static props = {title: String, close: Function, slots: Object};

    setup() {
        this.closeLabel = _t("Close");
        this.root = useRef("root");
        onMounted(() => this.root.el.showModal());
    }

    /** Escape closes nothing by itself: the component goes, and with it the dialog. */
    cancel(event) {
        event.preventDefault();
        this.props.close();
    }
}
