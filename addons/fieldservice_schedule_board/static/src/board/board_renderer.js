/* global vis */
import {useEffect, useRef, useState} from "@odoo/owl";
import {useLiveReload} from "@service_schedule/live_reload";
import {_t} from "@web/core/l10n/translation";
import {usePopover} from "@web/core/popover/popover_hook";
import {useDraggable} from "@web/core/utils/draggable";
import {useService} from "@web/core/utils/hooks";
import {renderToElement} from "@web/core/utils/render";
import {TimelineRenderer} from "@web_timeline/views/timeline/timeline_renderer.esm";
import {NOBODY} from "./board_model";
import {DrawnSet} from "./drawn_set";
import {JobPopover} from "./job_popover";
import {describeLoad, describePlan, listFacts} from "./job_facts";
import {dragFromWhereTaken, nameNow, showOnceDrawn} from "./vis_mends";
import {formatMajor, formatMinor, formatTime, spanLabel, timeLabel, toWall} from "./wall_clock";

const {DateTime} = luxon;

const CHANGED = "fieldservice_schedule_board/changed";
const MINUTE = 60 * 1000;
const STEPS = {1: 15 * MINUTE, 7: 30 * MINUTE};
const LEGEND = [
    {className: "o_board_requested", label: _t("Requested")},
    {className: "o_board_assigned", label: _t("Assigned")},
    {className: "o_board_in_progress", label: _t("In progress")},
    {className: "o_board_completed", label: _t("Done")},
    {className: "o_board_conflict", label: _t("Conflict")},
    {className: "o_board_off", label: _t("Not at work")},
    {className: "o_board_leave", label: _t("Away")},
    {className: "o_board_busy", label: _t("Something else")},
    {className: "o_board_way", label: _t("Driving")},
];

/** The board: rows of technicians in vis-timeline, and beside it the jobs that nobody has. */
export class BoardRenderer extends TimelineRenderer {
    static template = "fieldservice_schedule_board.BoardRenderer";
    static props = {
        ...TimelineRenderer.props,
        onAssign: Function,
        onOpen: Function,
        onDo: Function,
        onMap: Function,
        onOverbook: Function,
        onSwitch: Function,
    };

    setup() {
        super.setup();
        this.legend = LEGEND;
        this.told = new WeakMap();
        this.state = useState({isListOpen: true, hint: null, shown: ""});
        this.listRef = useRef("waiting");
        this.ui = useState(useService("ui"));
        this.popover = usePopover(JobPopover, {position: "bottom", popoverClass: "o_board_popover"});
        this.connection = useLiveReload(() => this.model.refresh(), [CHANGED], {
            concerns: (news) => this.model.isShown(news),
            isBusy: () => this.isBusy,
        });
        useDraggable({
            ref: this.rootRef,
            elements: ".o_board_waiting_job",
            enable: () => !this.ui.isSmall,
            cursor: "grabbing",
            onDragStart: () => (this.isListDragged = true),
            onDrag: ({x, y}) => this.showHint(x, y),
            onDragEnd: () => {
                this.isListDragged = false;
                this.state.hint = null;
            },
            onDrop: ({element, x, y}) => this.onDropWaiting(Number(element.dataset.id), x, y),
        });
        useEffect(
            () => {
                this.init_timeline();
                return () => this.destroyTimeline();
            },
            () => [this.canvasRef.el],
        );
    }

    /** Return whether somebody drags a job, or waits for the answer to a drop: what he sees must not change then. */
    get isBusy() {
        const isItemDragged = this.timeline && this.timeline.itemSet.touchParams.itemIsDragging;
        return Boolean(isItemDragged || this.isListDragged || this.model.isMoving);
    }

    get board() {
        return this.model.board;
    }

    get step() {
        return STEPS[this.model.dayCount] || STEPS[7];
    }

    /** The days that are shown, in words. */
    get title() {
        const first = this.model.firstDate;
        if (this.model.dayCount === 1) {
            return first.toLocaleString({weekday: "long", month: "long", day: "numeric", year: "numeric"});
        }
        const last = first.plus({days: this.model.dayCount - 1});
        const short = {month: "short", day: "numeric"};
        return `${first.toLocaleString(short)} – ${last.toLocaleString({...short, year: "numeric"})}`;
    }

    // ------------------------------------------------------------------
    // The timeline
    // ------------------------------------------------------------------

    /** Override: a small screen shows a list of the day instead, see the template. */
    init_timeline() {
        if (!this.canvasRef.el || this.timeline) {
            return;
        }
        this.initial_data_loaded = false;
        this.rows = new DrawnSet(vis);
        this.items = new DrawnSet(vis);
        super.init_timeline();
        this.timeline.setGroups(this.rows.data);
        this.timeline.setItems(this.items.data);
        this.timeline.on("changed", () => this.openToKeys());
        showOnceDrawn(this.timeline);
        dragFromWhereTaken(this.timeline);
        nameNow(this.timeline, () => _t("Now: %(time)s", {time: timeLabel(this.model.now)}));
        this.showNow();
    }

    destroyTimeline() {
        this.popover.close();
        if (this.timeline) {
            this.timeline.destroy();
            this.timeline = false;
        }
    }

    /** Override to tell vis-timeline how the board is looked at and dragged. */
    _computeMode() {
        Object.assign(this.options, this.model.getWindow(), {
            moment: (date) => vis.moment.utc(date),
            format: {minorLabels: formatMinor, majorLabels: formatMajor},
            template: (item) => (item && item.evt ? this.drawJob(item.evt) : this.drawShade(item)),
            groupTemplate: (group) => (group ? this.drawRow(group) : ""),
            groupOrder: "order",
            itemsAlwaysDraggable: {item: true, range: true},
            multiselect: false,
            stack: true,
            margin: {item: {horizontal: 0, vertical: 3}, axis: 4},
            orientation: {axis: "top", item: "top"},
            snap: (date) => new Date(Math.round(date.getTime() / this.step) * this.step),
            tooltipOnItemUpdateTime: {template: (item) => `${timeLabel(item.start)} – ${timeLabel(item.end)}`},
            tooltip: {delay: 400, followMouse: true, overflowMethod: "cap"},
            zoomMin: 2 * 60 * MINUTE,
            height: "100%",
            verticalScroll: true,
            horizontalScroll: true,
            groupHeightMode: "fixed",
        });
        this.shownDays = this.getDaysKey();
    }

    getDaysKey() {
        return `${this.board.first_day} ${this.model.dayCount}`;
    }

    /** Override: the board fills what is left of the screen by itself. */
    on_attach_callback() {
        this.rootRef.el.classList.add("o_dispatch_board");
    }

    /** Override to draw what is different in rows, jobs and shades of the model; other days move the window there. */
    async on_data_loaded() {
        if (!this.timeline) {
            return;
        }
        if (this.shownDays !== this.getDaysKey()) {
            this.shownDays = this.getDaysKey();
            this.popover.close();
            this.timeline.setOptions(this.model.getWindow());
        }
        const changed = this.items.show(this.model.getItems(), (item) => this.addTooltip(item));
        this.rows.show(this.model.getGroups());
        if (changed.has(this.toldJob)) {
            this.popover.close();
        }
        this.showNow();
    }

    /** Override: a job that was dropped is drawn where the server says, also when that is where it was. */
    on_move(item, callback) {
        this.items.forget(item.id);
        super.on_move(item, callback);
    }

    /** Draw the line of now on the company's clock. */
    showNow() {
        this.timeline.setCurrentTime(this.model.now);
    }

    addTooltip(item) {
        return item.evt ? {...item, title: this.render_tooltip(item.evt)} : item;
    }

    render_tooltip(job) {
        return renderToElement("fieldservice_schedule_board.Tooltip", {
            job,
            plan: describePlan(job, this.model.zone),
            facts: listFacts(job),
        });
    }

    drawJob(job) {
        return renderToElement("fieldservice_schedule_board.Job", {job});
    }

    drawShade(item) {
        return (item && item.shade && item.shade.kind !== "off" && item.shade.title) || "";
    }

    drawRow({technician, load}) {
        const text = technician ? describeLoad(load) : _t("%(count)s with a time", {count: load.count});
        return renderToElement("fieldservice_schedule_board.Row", {technician, load: text});
    }

    /** Let jobs be reached with the keyboard: vis-timeline draws them as plain boxes. */
    openToKeys() {
        for (const item of Object.values(this.timeline.itemSet.items)) {
            const box = item.data.evt && item.dom && item.dom.box;
            if (box && this.told.get(box) !== item.data.evt) {
                this.tellJob(box, item.data.evt);
            }
        }
    }

    tellJob(box, job) {
        if (!this.told.has(box)) {
            box.dataset.job = job.id;
            box.tabIndex = 0;
            box.setAttribute("role", "button");
            box.addEventListener("keydown", (ev) => ["Enter", " "].includes(ev.key) && this.openJob(box, job.id, ev));
        }
        this.told.set(box, job);
        box.setAttribute("aria-label", this.describe(job));
    }

    describe(job) {
        const parts = [job.name, job.customer, job.person || _t("Unassigned"), job.state_label];
        parts.push(spanLabel(job.start, job.stop, this.model.zone), ...job.conflicts.map(({text}) => text));
        return parts.filter(Boolean).join(", ");
    }

    openJob(target, jobId, ev) {
        ev?.preventDefault();
        this.toldJob = jobId;
        const {onOpen, onDo, onOverbook} = this.props;
        this.popover.open(target, {
            job: this.model.jobs.get(jobId),
            zone: this.model.zone,
            actions: {open: onOpen, do: onDo, overbook: onOverbook},
        });
    }

    /** Override: a click on a job tells more of it. */
    on_timeline_click(properties) {
        const box = properties.event.target.closest(".vis-item.o_board_job");
        if (properties.what === "item" && box) {
            return this.openJob(box, properties.item);
        }
        super.on_timeline_click(properties);
    }

    // ------------------------------------------------------------------
    // Jobs that nobody has
    // ------------------------------------------------------------------

    /** Return `{personId, date}` of a point of the screen, null beside the rows. */
    getPlace(x, y) {
        const box = this.timeline.dom.centerContainer.getBoundingClientRect();
        if (x < box.left || x > box.right || y < box.top || y > box.bottom) {
            return null;
        }
        const {group, snappedTime} = this.timeline.getEventProperties({
            center: {x, y},
            target: this.timeline.dom.centerContainer,
        });
        return group === null || group === undefined ? null : {personId: group, date: new Date(snappedTime)};
    }

    showHint(x, y) {
        const place = this.getPlace(x, y);
        const technician = place && this.board.technicians.find(({id}) => id === place.personId);
        const who = technician ? technician.name : _t("Unassigned");
        this.state.hint = place && {x: x + 14, y: y + 14, text: `${who} · ${timeLabel(place.date)}`};
    }

    onDropWaiting(jobId, x, y) {
        const place = this.getPlace(x, y);
        if (place) {
            this.props.onAssign(this.model.jobs.get(jobId), place.personId, place.date);
        }
    }

    /** Return when a waiting job is wanted, as far as anybody said. */
    getWish(job) {
        const text = job.start || job.early;
        if (!text) {
            return _t("any time");
        }
        const date = DateTime.fromJSDate(toWall(text, this.model.zone), {zone: "utc"});
        const day = date.toLocaleString({weekday: "short", month: "short", day: "numeric"});
        return job.start ? `${day}, ${formatTime(date)}` : _t("from %s", day);
    }

    getLength(job) {
        return _t("%(minutes)s min", {minutes: Math.round(job.hours * 60)});
    }

    get waitingText() {
        return _t("Unassigned (%(count)s)", {count: this.board.waiting_count});
    }

    /** How many jobs that nobody has are not in the list. */
    get moreText() {
        const count = this.board.waiting_count - this.board.waiting.length;
        return _t("%(count)s more: search for them above.", {count});
    }

    // ------------------------------------------------------------------
    // A small screen
    // ------------------------------------------------------------------

    /** Return the rows as lists of jobs: `[{technician, jobs: [{job, when}]}]`. */
    get lists() {
        const rows = this.model.getGroups().filter(({id, load}) => id !== NOBODY || load.count);
        return rows.map(({id, technician, load}) => ({
            id,
            name: technician ? technician.name : _t("Unassigned"),
            load: describeLoad(load),
            jobs: this.board.jobs.filter((job) => (job.person_id || NOBODY) === id),
        }));
    }

    whenOf(job) {
        const day = DateTime.fromJSDate(toWall(job.start, this.model.zone), {zone: "utc"});
        const time = spanLabel(job.start, job.stop, this.model.zone);
        return this.model.dayCount === 1 ? time : `${day.toLocaleString({weekday: "short", day: "numeric"})} ${time}`;
    }

    // ------------------------------------------------------------------
    // Other days
    // ------------------------------------------------------------------

    step_days(direction) {
        return this.model.show(this.model.firstDate.plus({days: direction * this.model.dayCount}), this.model.dayCount);
    }

    show_days(dayCount) {
        return this.model.show(this.model.firstDate, dayCount);
    }

    onDayChosen(ev) {
        const date = DateTime.fromISO(ev.target.value, {zone: "utc"});
        if (date.isValid) {
            this.model.show(date, this.model.dayCount);
        }
    }
}
