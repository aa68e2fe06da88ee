import {Component, onMounted, useState} from "@odoo/owl";
import {pages} from "@fieldservice_schedule_day/field_app";
import {Icon} from "@fieldservice_schedule_day/ui/icon";
import {_t} from "@web/core/l10n/translation";
import {QuickJob} from "./quick_job";
import {useWalk} from "./walk";
import {WalkFinish} from "./walk_finish";

const DOUBLE_TAP = 350; // ms

/** The checklist of units of a lot walk. */
export class WalkPage extends Component {
    static template = "fieldservice_schedule_walk.WalkPage";
    static components = {Icon, QuickJob, WalkFinish};
    static props = {key: String};

    setup() {
        this.id = Number(this.props.key);
        Object.assign(this, useWalk(this.id));
        this.state = useState({filter: "open", text: "", unit: null, isFinishing: false, isAdding: false});
        this.ticked = 0;
        onMounted(() => this.walk.load());
    }

    get stop() {
        return this.store.getStop(this.id);
    }

    get filters() {
        const {counts} = this.walk;
        return [
            {name: "open", label: _t("Left"), count: counts.left},
            {name: "seen", label: _t("OK"), count: counts.seen},
            {name: "found", label: _t("Damaged"), count: counts.found},
            {name: "all", label: _t("All"), count: counts.all},
        ];
    }

    /** Return the units that are shown: a search looks among all, by number and name. */
    get shown() {
        const text = this.state.text.trim().toLowerCase();
        if (text) {
            return this.walk.units.filter((unit) => `${unit.number} ${unit.name}`.toLowerCase().includes(text));
        }
        const {filter} = this.state;
        return this.walk.units.filter((unit) => filter === "all" || unit.state === filter);
    }

    /** Return the number that was searched for and that no unit has. */
    get unknown() {
        const text = this.state.text.trim();
        const known = this.walk.units.some((unit) => unit.number.toLowerCase() === text.toLowerCase());
        return text && !known ? text : "";
    }

    get progress() {
        const {done, all} = this.walk.counts;
        return _t("%(done)s of %(count)s", {done, count: all});
    }

    get last() {
        const unit = this.walk.last && this.walk.getUnit(this.walk.last);
        return unit?.state === "seen" ? unit : null;
    }

    okText(unit) {
        return _t("%(unit)s: OK", {unit: unit.name});
    }

    get addText() {
        return _t("Add unit %(number)s", {number: this.unknown});
    }

    /** Tick a unit, or take the tick back. A second tap right after it is meant for the same unit, which has moved away. */
    tick(unit) {
        const now = Date.now();
        if (now - this.ticked > DOUBLE_TAP) {
            this.ticked = now;
            this.see(unit, unit.state !== "seen");
        }
    }

    undo() {
        this.ticked = 0;
        this.see(this.last, false);
    }

    see(unit, isSeen) {
        this.state.text = "";
        this.walk.see(this.store, unit, isSeen);
    }

    async add() {
        const number = this.unknown;
        this.state.isAdding = true;
        if (await this.store.do("unit", this.id, {number})) {
            await this.walk.load();
        }
        this.state.isAdding = false;
    }

    open(unit) {
        this.state.unit = unit.id;
    }

    close() {
        this.state.unit = null;
        this.state.text = "";
    }
}

pages.add("walk", WalkPage);
