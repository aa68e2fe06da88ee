import {useEnv, useState} from "@odoo/owl";
import {ask, NoConnection, Refused} from "@fieldservice_schedule_day/data/transport";

/** A walk as this phone knows it. Ticks and findings are shown at once and sent by the day's queue. */
export class Walk {
    constructor(id) {
        this.id = id;
        this.values = null; // what /field/walk answered
        this.pending = {}; // ticks that the server has not answered yet: unit → is it seen
        this.last = null; // the unit that was ticked last, to take it back
        this.error = "";
    }

    get units() {
        return this.values?.units || [];
    }

    get counts() {
        const count = (state) => this.units.filter((unit) => unit.state === state).length;
        const all = this.units.length;
        const left = count("open");
        return {all, left, open: left, seen: count("seen"), found: count("found"), done: all - left};
    }

    get findings() {
        return this.units.flatMap((unit) => unit.findings.map((finding) => ({...finding, unit})));
    }

    getUnit(id) {
        return this.units.find((unit) => unit.id === id);
    }

    /** Read the walk; what waits to be sent stays as this phone shows it. */
    async load() {
        try {
            this.values = await ask("/field/walk", {job: this.id});
            this.error = "";
            for (const [id, isSeen] of Object.entries(this.pending)) {
                this.show(this.getUnit(Number(id)), isSeen);
            }
        } catch (error) {
            if (!(error instanceof Refused || error instanceof NoConnection)) {
                throw error;
            }
            this.error = error.message || "offline";
        }
    }

    show(unit, isSeen) {
        if (unit && unit.state !== "found") {
            unit.state = isSeen ? "seen" : "open";
        }
    }

    /** Say that a unit was looked at and has nothing, or take that back. */
    async see(store, unit, isSeen) {
        this.show(unit, isSeen);
        this.pending[unit.id] = isSeen;
        this.last = isSeen ? unit.id : null;
        const fresh = await store.do(isSeen ? "see" : "unsee", this.id, {unit: unit.id});
        if (this.pending[unit.id] === isSeen) {
            delete this.pending[unit.id];
        }
        if (!fresh) {
            await this.load();
        }
    }
}

/** Return the walk of a job, which lives as long as the day's store, and that store. */
export function useWalk(id) {
    const store = useState(useEnv().store);
    const name = `walk:${id}`;
    store.extra[name] ??= new Walk(id);
    return {store, walk: store.extra[name]};
}
