import {serializeDateTime, deserializeDateTime} from "@web/core/l10n/dates";
import {localization} from "@web/core/l10n/localization";
import {ConnectionLostError} from "@web/core/network/rpc";
import {user} from "@web/core/user";
import {KeepLast} from "@web/core/utils/concurrency";
import {TimelineModel} from "@web_timeline/views/timeline/timeline_model.esm";
import {fromWall, toServer, toWall, wallOf} from "./wall_clock";

const {DateTime} = luxon;

export const NOBODY = -1;
const MINUTE = 60 * 1000;
const KEY = "fsm_dispatch_board";

/** The jobs, technicians and shades of some days; a move is asked of the server, which may refuse it. */
export class BoardModel extends TimelineModel {
    /** Override: all rights come with the board itself; web_timeline's own setup asks three deprecated questions. */
    setup(params) {
        this.params = params;
        this.model_name = params.resModel;
        this.fields = params.fields;
        this.date_start = params.date_start;
        this.date_stop = params.date_stop;
        this.last_group_bys = [params.default_group_by];
        this.keepLast = new KeepLast();
        this.write_right = true;
        this.unlink_right = false;
        this.firstDay = false;
        this.dayCount = 1;
        this.board = null;
        this.data = [];
        this.isMoving = false;
        this.recall();
    }

    get create_right() {
        return this.board.may_create;
    }

    /** Begin where this user was when he left the board: a form that was opened from it leads back there. */
    recall() {
        const {firstDay, dayCount} = JSON.parse(sessionStorage.getItem(KEY + user.userId) || "{}");
        this.firstDay = firstDay || false;
        this.dayCount = dayCount || 1;
    }

    /** Override to read the board in one call; of several answers the one to the last question counts. */
    async load(searchParams = this.searchParams, orm = this.orm) {
        this.searchParams = searchParams;
        this.board = await this.keepLast.add(
            orm.call("fsm.board", "read_board", [searchParams.domain || [], this.firstDay, this.dayCount]),
        );
        this.data = this.board.jobs;
        this.jobs = new Map([...this.board.waiting, ...this.board.jobs].map((job) => [job.id, job]));
        this.notify();
    }

    /** Read the board anew because others have changed it: quietly, and without a word when there is no connection. */
    async refresh() {
        try {
            await this.load(this.searchParams, this.orm.silent);
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
        }
    }

    /** Return whether news of the server is about what is shown, see `fsm.board._prepare_news`. */
    isShown({spans, is_waiting}) {
        const last = this.firstDate.plus({days: this.dayCount - 1}).toISODate();
        return is_waiting || spans.some(([from, to]) => from <= last && to >= this.board.first_day);
    }

    get zone() {
        return this.board.zone;
    }

    /** The first day that is shown, as a date of the board's own UTC. */
    get firstDate() {
        return DateTime.fromISO(this.board.first_day, {zone: "utc"});
    }

    /** Show other days: "day" or "week", around a date. */
    async show(date, dayCount) {
        const first = dayCount > 1 ? startOfWeek(date) : date;
        this.firstDay = first.toISODate();
        this.dayCount = dayCount;
        sessionStorage.setItem(KEY + user.userId, JSON.stringify({firstDay: this.firstDay, dayCount}));
        await this.load();
    }

    /** Show the present day, or the week that has it; the server says which day it is there. */
    async showToday() {
        sessionStorage.setItem(KEY + user.userId, JSON.stringify({dayCount: this.dayCount}));
        const today = DateTime.now().setZone(this.zone).setZone("utc", {keepLocalTime: true});
        await this.show(today, this.dayCount);
    }

    get now() {
        return wallOf(DateTime.now(), this.zone);
    }

    /** Return `{start, end}`: what of the days is looked at first, whole hours around work and jobs. */
    getWindow() {
        const begin = this.firstDate.toJSDate();
        const end = this.firstDate.plus({days: this.dayCount}).toJSDate();
        if (this.dayCount > 1) {
            return {start: begin, end, min: begin, max: end};
        }
        const edges = this.board.jobs.flatMap((job) => [toWall(job.start, this.zone), toWall(job.stop, this.zone)]);
        for (const technician of this.board.technicians) {
            edges.push(...this.getWorkEdges(technician.id, begin, end));
        }
        const inside = edges.filter((edge) => edge >= begin && edge <= end);
        const first = inside.length ? Math.min(...inside) : begin.getTime() + 7 * 60 * MINUTE;
        const last = inside.length ? Math.max(...inside) : begin.getTime() + 19 * 60 * MINUTE;
        return {
            start: new Date(Math.max(begin.getTime(), first - 60 * MINUTE)),
            end: new Date(Math.min(end.getTime(), last + 60 * MINUTE)),
            min: begin,
            max: end,
        };
    }

    /** Return when somebody's work begins and ends: the edges of the times at which he does not work. */
    getWorkEdges(personId, begin, end) {
        return this.board.shades
            .filter((shade) => shade.person_id === personId && shade.kind === "off")
            .flatMap((shade) => [toWall(shade.start, this.zone), toWall(shade.stop, this.zone)])
            .filter((edge) => edge > begin && edge < end);
    }

    /** Return the items of vis-timeline: jobs, the ways to them, and when people do not work. */
    getItems() {
        const shades = this.board.shades.map((shade, index) => this.makeShade(shade, index));
        const ways = this.board.jobs.filter((job) => job.driving && job.person_id).map((job) => this.makeWay(job));
        return [...shades, ...ways, ...this.board.jobs.map((job) => this.makeItem(job))];
    }

    makeShade(shade, index) {
        return {
            id: `shade-${index}`,
            type: "background",
            group: shade.person_id,
            start: toWall(shade.start, this.zone),
            end: toWall(shade.stop, this.zone),
            className: `o_board_shade o_board_${shade.kind}`,
            shade,
        };
    }

    makeWay(job) {
        const end = toWall(job.start, this.zone);
        const isShort = job.conflicts.some(({kind}) => kind === "driving");
        return {
            id: `way-${job.id}`,
            type: "background",
            group: job.person_id,
            start: new Date(end.getTime() - job.driving * MINUTE),
            end,
            className: `o_board_way ${isShort ? "o_board_way_short" : ""}`,
        };
    }

    makeItem(job) {
        const classes = [
            "o_board_job",
            `o_board_${job.state}`,
            job.conflicts.length ? "o_board_conflict" : "",
            job.may_move ? "" : "o_board_fixed",
        ];
        return {
            id: job.id,
            type: "range",
            group: job.person_id || NOBODY,
            start: toWall(job.start, this.zone),
            end: toWall(job.stop, this.zone),
            className: classes.join(" "),
            editable: job.may_move ? {updateTime: true, updateGroup: true, remove: false} : false,
            evt: job,
        };
    }

    /** Return the technicians' rows, and on top that of jobs with a time which nobody has. */
    getGroups() {
        const rows = this.board.technicians.map((technician, index) => ({
            id: technician.id,
            order: index,
            technician,
            load: this.getLoad(technician.id),
        }));
        return [{id: NOBODY, order: -1, technician: null, load: this.getLoad(false)}, ...rows];
    }

    /** Return how many jobs somebody has on these days, and how many hours they take. */
    getLoad(personId) {
        const jobs = this.board.jobs.filter((job) => (job.person_id || false) === personId);
        return {count: jobs.length, hours: jobs.reduce((hours, job) => hours + job.hours, 0)};
    }

    /** Return what a dropped item changes: a move keeps the length, whatever the clock does meanwhile. */
    getChange(item) {
        const job = this.jobs.get(item.id);
        const change = {person_id: item.group === NOBODY ? false : item.group};
        const [oldStart, oldStop] = [toWall(job.start, this.zone), toWall(job.stop, this.zone)];
        const isResized = item.end - item.start !== oldStop - oldStart;
        if (!isResized && Number(item.start) === Number(oldStart)) {
            return change;
        }
        change.start = toServer(item.start, this.zone);
        if (isResized) {
            change.stop = toServer(item.end, this.zone);
        } else {
            const length = deserializeDateTime(job.stop).diff(deserializeDateTime(job.start));
            change.stop = serializeDateTime(fromWall(item.start, this.zone).plus(length));
        }
        return change;
    }

    /** Return what giving a waiting job to somebody at a place on the board changes. */
    getAssignment(job, personId, date) {
        const start = fromWall(date, this.zone);
        return {
            person_id: personId === NOBODY ? false : personId,
            start: serializeDateTime(start),
            stop: serializeDateTime(start.plus({minutes: Math.round(job.hours * 60)})),
        };
    }

    /** Ask the server for a change; return its answer. */
    async move(job, change) {
        const seen = {person_id: job.person_id, start: job.start, stop: job.stop};
        this.isMoving = true;
        try {
            return await this.orm.call("fsm.board", "move_job", [job.id, change, seen]);
        } finally {
            this.isMoving = false;
        }
    }
}

function startOfWeek(date) {
    const back = (date.weekday - (localization.weekStart || 1) + 7) % 7;
    return date.minus({days: back});
}
