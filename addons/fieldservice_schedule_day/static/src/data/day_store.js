import {_t} from "@web/core/l10n/translation";
import {markRaw} from "@odoo/owl";
import {CommandQueue} from "./command_queue";
import {NoConnection, Refused, transport} from "./transport";

/**
 * The day as this phone knows it, and all that is done with it. Pages show what is here and call its methods; only
 * ``transport`` talks to the server. It is used through Owl's ``reactive``.
 */
export class DayStore {
    constructor({technician = null, server = transport} = {}) {
        this.server = markRaw(server);
        this.technicianId = technician;
        this.day = null; // what /field/day answered
        this.isLoading = false;
        this.isOffline = false;
        this.isLoggedOut = false;
        this.error = "";
        this.notice = "";
        this.waiting = 0;
        this.offset = 0; // ms that the server's clock is ahead of this phone's
        this.moment = Date.now(); // of the server's clock, brought up to date every half minute
        this.drafts = {}; // what was typed and not sent, by form
        this.extra = {}; // what addons keep, by a name of theirs
        this.queue = null;
    }

    /** Begin, with the day of a job if one is named; the queue reports to the reactive store. */
    start(job = null) {
        const changed = () => {
            this.waiting = this.queue.waiting;
            this.isOffline = this.queue.isOffline;
        };
        this.queue = markRaw(new CommandQueue((commands) => this.server.send(commands), changed));
        return this.load(null, {job});
    }

    /** Return the moment that it is on the server's clock. */
    now() {
        return Date.now() + this.offset;
    }

    get stops() {
        return this.day ? [...this.day.stops, ...this.day.left] : [];
    }

    getStop(id) {
        return this.stops.find((stop) => stop.id === id);
    }

    /** Return the stop that comes next: what is under way, else the first that nobody has begun. */
    getNext() {
        return (
            this.stops.find((stop) => stop.state === "in_progress") ||
            this.day?.stops.find((stop) => stop.state === "assigned")
        );
    }

    /** Read a day (ISO date, null is today), or that of a job. What is shown stays until the new one is there. */
    async load(day = null, {quietly = false, job = null} = {}) {
        this.isLoading = !quietly;
        try {
            const answer = await this.server.readDay(day, this.technicianId, job);
            this.offset = new Date(answer.now) - Date.now();
            this.moment = this.now();
            if (quietly && this.day && isChanged(this.day, answer)) {
                this.notice = _t("Dispatch has changed this day.");
            }
            this.day = answer;
            this.error = "";
            this.isLoggedOut = false;
            this.isOffline = false;
            this.queue.isOffline = false;
            this.queue.flush();
        } catch (error) {
            this.fail(error);
        } finally {
            this.isLoading = false;
        }
    }

    /** Look again whether dispatch changed something; without waiting work only, which the answer would hide. */
    refresh() {
        if (!this.waiting && !this.isLoading) {
            return this.load(this.day?.day, {quietly: true});
        }
        return this.queue.flush();
    }

    /** Try again what failed. */
    retry() {
        this.notice = "";
        return this.queue.waiting ? this.queue.flush() : this.load(this.day?.day);
    }

    choose(technicianId) {
        this.technicianId = technicianId;
        this.day = null;
        return this.load();
    }

    /** Return a command that was just given: sent twice, it is done once. */
    prepare(name, job, values = {}) {
        const at = new Date(this.now()).toISOString();
        return {id: makeId(), name, job, at, values};
    }

    /**
     * Send a command. The promise ends with the job's fresh values when it is done; it is rejected with ``Refused`` when
     * the server says no. Without a connection it waits.
     *
     * @param {object} command see ``prepare``
     * @param {(stop: object) => void} [ahead] what the page shows until the server has answered
     */
    async send(command, ahead = null) {
        const stop = this.getStop(command.job);
        if (ahead && stop) {
            ahead(stop);
        }
        let answer;
        try {
            answer = await this.queue.add(command);
        } catch (error) {
            this.fail(error);
            throw error;
        }
        this.takeAnswer(command.job, answer);
        if (!answer.ok) {
            throw new Refused(answer.error);
        }
        return answer.job;
    }

    /** Prepare and send. What the server refuses is shown, not thrown: for what has no form of its own. */
    async do(name, job, values = {}, ahead = null) {
        try {
            return await this.send(this.prepare(name, job, values), ahead);
        } catch (error) {
            this.fail(error);
            return null;
        }
    }

    /** Take back what waits for a connection: its form has what was typed. */
    withdraw(command) {
        this.queue.withdraw(command.id);
    }

    /** Show the fresh values of a job; what is not the technician's any more leaves his day. */
    takeAnswer(id, {job}) {
        const stop = this.getStop(id);
        if (!stop) {
            return;
        }
        if (job && job.technician === this.day.technician.id) {
            Object.assign(stop, job);
        } else {
            this.day.stops = this.day.stops.filter((one) => one.id !== id);
            this.day.left = this.day.left.filter((one) => one.id !== id);
        }
    }

    fail(error) {
        if (error instanceof NoConnection) {
            this.isOffline = true;
        } else if (error instanceof Refused) {
            this.error = error.message;
            this.isLoggedOut = error.isLoggedOut;
        } else {
            throw error;
        }
    }
}

/** Return whether dispatch added, took, moved or cancelled something. */
function isChanged(before, after) {
    const plan = (day) => day.stops.map((stop) => [stop.id, stop.start, stop.state === "cancelled"].join());
    return before.day === after.day && plan(before).join(" ") !== plan(after).join(" ");
}

/** Return a new UUID: ``crypto.randomUUID`` is there on secure pages only. */
export function makeId() {
    return crypto.randomUUID?.() || composeId();
}

function composeId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}
