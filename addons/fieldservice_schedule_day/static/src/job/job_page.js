import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {getHint} from "../hints";
import {callLink, mapLink, navigationLink} from "../places";
import {goTo} from "../router";
import {Icon} from "../ui/icon";
import {Checklist} from "./checklist";
import {FinishForm} from "./finish_form";
import {NoteForm} from "./note_form";
import {Photos} from "./photos";
import {ReturnForm} from "./return_form";

/**
 * The sections of a stop, by ``sequence``: ``{Component, isShown(stop)}``. A component has the props ``stop`` and
 * ``mayAct``. Addons add theirs.
 */
export const sections = registry.category("field_sections");
sections
    .add("checklist", {Component: Checklist, isShown: (stop) => stop.checklist.length > 0}, {sequence: 20})
    .add("photos", {Component: Photos, isShown: () => true}, {sequence: 30});

/**
 * Instead of the form that finishes a stop: ``kind`` of the stop → component with the props ``stop`` and ``close``.
 */
export const finishForms = registry.category("field_finish_forms");
finishForms.add("job", FinishForm);

/** One stop: where, who, what; and what is done with it. */
export class JobPage extends Component {
    static template = "fieldservice_schedule_day.JobPage";
    static components = {Icon, NoteForm, ReturnForm};
    static props = {key: String};

    setup() {
        this.store = useState(this.env.store);
        this.clock = this.env.clock;
        this.state = useState({form: "", isBusy: false});
        this.mapLink = mapLink;
        this.navigationLink = navigationLink;
        this.callLink = callLink;
    }

    get stop() {
        return this.store.getStop(Number(this.props.key));
    }

    get hint() {
        return getHint(this.stop, this.store.moment, this.clock);
    }

    get when() {
        const {start, stop} = this.stop;
        return this.clock.span(start, stop, this.store.day.tz);
    }

    get whenThere() {
        return this.clock.spanThere(this.stop, this.store.day.tz);
    }

    callText({name, number}) {
        return _t("Call %(name)s", {name: name || number});
    }

    get isOpen() {
        return ["assigned", "in_progress"].includes(this.stop.state);
    }

    get next() {
        const next = this.store.getNext();
        return next?.id === this.stop.id ? null : next;
    }

    get sections() {
        return sections.getAll().filter((section) => section.isShown(this.stop));
    }

    get finishForm() {
        return finishForms.get(this.stop.kind, FinishForm);
    }

    open(form) {
        this.state.form = form;
    }

    close() {
        this.state.form = "";
    }

    /** After a stop is sent back it is not on the day any more. */
    leave() {
        this.close();
        goTo("day");
    }

    start() {
        return this.act("start", {planned: this.stop.start});
    }

    async act(name, values) {
        this.state.isBusy = true;
        await this.store.do(name, this.stop.id, values);
        this.state.isBusy = false;
    }
}
