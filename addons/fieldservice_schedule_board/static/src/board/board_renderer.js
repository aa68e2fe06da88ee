/* global vis */
import {onWillUnmount, useRef, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {usePopover} from "@web/core/popover/popover_hook";
import {useDraggable} from "@web/core/utils/draggable";
import {renderToElement} from "@web/core/utils/render";
import {TimelineRenderer} from "@web_timeline/views/timeline/timeline_renderer.esm";
import {NOBODY} from "./board_model";
import {JobPopover} from "./job_popover";
import {formatHour, formatTime, spanLabel, timeLabel, toWall} from "./wall_clock";

const {DateTime} = luxon;

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
        this.state = useState({isListOpen: true, hint: null, shown: ""});
        this.listRef = useRef("waiting");
        this.popover = usePopover(JobPopover, {position: "bottom", popoverClass: "o_board_popover"});
        useDraggable({
            ref: this.rootRef,
            elements: ".o_board_waiting_job",
            enable: () => !this.env.isSmall,
            cursor: "grabbing",
            onDrag: ({x, y}) => this.showHint(x, y),
            onDragEnd: () => (this.state.hint = null),
            onDrop: ({element, x, y}) => this.onDropWaiting(Number(element.dataset.id), x, y),
        });
        onWillUnmount(() => this.timeline && this.timeline.destroy());
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
        if (!this.canvasRef.el) {
            return;
        }
        super.init_timeline();
        this.timeline.on("changed", () => this.openToKeys());
        this.showNow();
    }

    /** Override to tell vis-timeline how the board is looked at and dragged. */
    _computeMode() {
        Object.assign(this.options, this.model.getWindow(), {
            moment: (date) => vis.moment.utc(date),
            format: {minorLabels: this.formatMinor, majorLabels: this.formatMajor},
            template: (item) => (item && item.evt ? this.drawJob(item.evt) : this.drawShade(item)),
            groupTemplate: (group) => (group ? this.drawRow(group) : ""),
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

    /** Override to draw the rows, jobs and shades of the model; other days move the window there. */
    async on_data_loaded() {
        if (!this.timeline) {
            return;
        }
        this.popover.close();
        this.timeline.setGroups(this.model.getGroups());
        this.timeline.setItems(this.model.getItems().map((item) => this.addTooltip(item)));
        if (this.shownDays !== this.getDaysKey()) {
            this.shownDays = this.getDaysKey();
            const {start, end, min, max} = this.model.getWindow();
            this.timeline.setOptions({min, max});
            this.timeline.setWindow(start, end, {animation: false});
        }
        this.showNow();
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
            when: spanLabel(job.start, job.stop, this.model.zone),
        });
    }

    drawJob(job) {
        return renderToElement("fieldservice_schedule_board.Job", {job});
    }

    drawShade(item) {
        return (item && item.shade && item.shade.kind !== "off" && item.shade.title) || "";
    }

    drawRow(group) {
        return renderToElement("fieldservice_schedule_board.Row", {
            technician: group.technician,
            count: group.load.count,
            hours: formatHours(group.load.hours),
        });
    }

    formatMinor(date, scale) {
        const moment = DateTime.fromMillis(date.valueOf(), {zone: "utc"});
        if (scale === "hour") {
            return formatHour(moment);
        }
        if (["minute", "second", "millisecond"].includes(scale)) {
            return formatTime(moment);
        }
        return moment.toLocaleString({weekday: "short", day: "numeric"});
    }

    formatMajor(date, scale) {
        const moment = DateTime.fromMillis(date.valueOf(), {zone: "utc"});
        const isDay = ["minute", "hour", "second", "millisecond"].includes(scale);
        return moment.toLocaleString(
            isDay ? {weekday: "long", month: "long", day: "numeric"} : {month: "long", year: "numeric"},
        );
    }

    /** Let jobs be reached with the keyboard: vis-timeline draws them as plain boxes. */
    openToKeys() {
        for (const item of Object.values(this.timeline.itemSet.items)) {
            const box = item.data.evt && item.dom && item.dom.box;
            if (box && !box.dataset.job) {
                const job = item.data.evt;
                box.dataset.job = job.id;
                box.tabIndex = 0;
                box.setAttribute("role", "button");
                box.setAttribute("aria-label", this.describe(job));
                box.addEventListener(
                    "keydown",
                    (ev) => ["Enter", " "].includes(ev.key) && this.openJob(box, job.id, ev),
                );
            }
        }
    }

    describe(job) {
        const parts = [job.name, job.customer, job.person || _t("Unassigned"), job.state_label];
        parts.push(spanLabel(job.start, job.stop, this.model.zone), ...job.conflicts.map(({text}) => text));
        return parts.filter(Boolean).join(", ");
    }

    openJob(target, jobId, ev) {
        ev?.preventDefault();
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

    // ------------------------------------------------------------------
    // A small screen
    // ------------------------------------------------------------------

    /** Return the rows as lists of jobs: `[{technician, jobs: [{job, when}]}]`. */
    get lists() {
        const rows = this.model.getGroups().filter(({id, load}) => id !== NOBODY || load.count);
        return rows.map(({id, technician, load}) => ({
            id,
            name: technician ? technician.name : _t("Unassigned"),
            hours: formatHours(load.hours),
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

function formatHours(hours) {
    const minutes = Math.round(hours * 60);
    return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
}
