import {_t} from "@web/core/l10n/translation";
import {useBus, useService} from "@web/core/utils/hooks";
import {deserializeDateTime} from "@web/core/l10n/dates";
import {CogMenu} from "@web/search/cog_menu/cog_menu";
import {FormViewDialog} from "@web/views/view_dialogs/form_view_dialog";
import {TimelineController} from "@web_timeline/views/timeline/timeline_controller.esm";
import {NOBODY} from "./board_model";
import {RefusalDialog} from "./refusal_dialog";
import {toServer} from "./wall_clock";

const OVERBOOK = "fieldservice_schedule.fsm_order_overbook_action";

/** What happens on the board: drops, clicks, other days. */
export class BoardController extends TimelineController {
    static template = "fieldservice_schedule_board.BoardController";
    static components = {...TimelineController.components, CogMenu};

    setup() {
        super.setup();
        this.orm = useService("orm");
        useBus(this.model.bus, "update", () => this.render());
    }

    get rendererProps() {
        return {
            ...super.rendererProps,
            onAssign: this.onAssign.bind(this),
            onOpen: (job) => this.openItem(job.id, true),
            onDo: this.onDo.bind(this),
            onMap: this.openMap.bind(this),
            onOverbook: (job) => this.overbook(job, {}),
            onSwitch: (type) => this.actionService.switchView(type),
        };
    }

    /** Override of `web_timeline` to give the dialog a name, and to show what was done in it however it is closed. */
    openItem(jobId) {
        this.dialogService.add(
            FormViewDialog,
            {title: _t("Job"), resModel: this.model.model_name, resId: jobId},
            {onClose: () => this.model.load()},
        );
    }

    /** Override: the answer of the server decides whether the item stays where it was dropped. */
    async _onMove(item, callback) {
        const job = this.model.jobs.get(item.id);
        await this.move(job, this.model.getChange(item), callback, item);
    }

    /** Give a job of the list beside the board to a row, at a time. */
    async onAssign(job, personId, date) {
        await this.move(job, this.model.getAssignment(job, personId, date));
    }

    async move(job, change, callback = () => {}, item = null) {
        let answer = null;
        try {
            answer = await this.model.move(job, change);
        } finally {
            callback(answer?.ok ? item : null);
        }
        if (!answer.ok) {
            this.showRefusal(job, change, answer);
        }
        await this.model.load();
    }

    /** Say why not, and what else can be done. */
    showRefusal(job, change, answer) {
        const personId = "person_id" in change ? change.person_id : job.person_id;
        const start = change.start || job.start;
        const stop = change.stop || job.stop;
        const hours =
            start && stop ? deserializeDateTime(stop).diff(deserializeDateTime(start)).as("hours") : job.hours;
        this.dialogService.add(RefusalDialog, {
            job,
            message: answer.message,
            findTimes: () =>
                personId && start
                    ? this.orm.call("fsm.board", "find_free_times", [job.id, personId, start, hours])
                    : [],
            choose: (time) => {
                const begins = deserializeDateTime(time.start);
                const fresh = this.model.jobs.get(job.id) || job;
                const ends = begins.plus({minutes: Math.round(hours * 60)});
                return this.move(fresh, {person_id: personId, start: time.start, stop: serialize(ends)});
            },
            overbook: answer.may_overbook
                ? () => this.overbook(job, {default_person_id: personId, default_start: start, default_hours: hours})
                : null,
        });
    }

    /** Open the wizard by which a manager takes time that is not free, filled with what was dropped. */
    overbook(job, defaults) {
        return this.actionService.doAction(OVERBOOK, {
            additionalContext: {active_id: job.id, active_ids: [job.id], active_model: "fsm.order", ...defaults},
            onClose: () => this.model.load(),
        });
    }

    /** Call a step of the work, such as `action_start`, and show what is true then. */
    async onDo(job, method) {
        try {
            await this.orm.call("fsm.order", method, [[job.id]]);
        } finally {
            await this.model.load();
        }
    }

    /** Open the map of a technician's day, or of everybody's. */
    openMap(personId) {
        return this.actionService.doAction("fieldservice_schedule_board.fsm_route_map_action", {
            props: {},
            additionalContext: {
                fsm_route_day: this.model.board.first_day,
                fsm_route_persons: personId ? [personId] : false,
            },
        });
    }

    /** Override: a click on a row shows its route. */
    _onGroupClick({group}) {
        return this.openMap(group === NOBODY ? false : group);
    }

    /** Override to count on the company's clock. */
    _onAdd(item, callback) {
        callback(null);
        const context = {
            ...this.env.searchModel.context,
            default_scheduled_date_start: toServer(item.start, this.model.zone),
            default_person_id: item.group === NOBODY ? false : item.group,
        };
        this.dialogService.add(FormViewDialog, {
            title: _t("New Job"),
            resModel: this.model.model_name,
            context,
            onRecordSaved: () => this.model.load(),
        });
    }
}

function serialize(moment) {
    return moment.toUTC().toFormat("yyyy-MM-dd HH:mm:ss");
}
