import {updateOrPutBack} from "@service_schedule/put_back";
import {registry} from "@web/core/registry";
import {calendarView} from "@web/views/calendar/calendar_view";
import {CalendarCommonPopover} from "@web/views/calendar/calendar_common/calendar_common_popover";
import {CalendarCommonRenderer} from "@web/views/calendar/calendar_common/calendar_common_renderer";
import {CalendarRenderer} from "@web/views/calendar/calendar_renderer";

/** A job's details in the calendar, with the next steps of its work. */
export class JobCalendarPopover extends CalendarCommonPopover {
    static subTemplates = {
        ...CalendarCommonPopover.subTemplates,
        footer: "fieldservice_schedule_board.JobCalendarPopover.footer",
    };

    get state() {
        return this.props.record.rawRecord.state;
    }

    /** Take a step, such as `action_start`, and show what is true then. */
    async run(method) {
        const {close, model, record} = this.props;
        close();
        try {
            await model.orm.call(model.resModel, method, [[record.id]]);
        } finally {
            await model.load();
        }
    }
}

export class JobCalendarCommonRenderer extends CalendarCommonRenderer {
    static components = {...CalendarCommonRenderer.components, Popover: JobCalendarPopover};
}

export class JobCalendarRenderer extends CalendarRenderer {
    static components = {
        ...CalendarRenderer.components,
        day: JobCalendarCommonRenderer,
        week: JobCalendarCommonRenderer,
        month: JobCalendarCommonRenderer,
    };
}

export class JobCalendarModel extends calendarView.Model {
    /** Override to put a job back that may not be moved. */
    async updateRecord() {
        return updateOrPutBack(this, () => super.updateRecord(...arguments));
    }

    /** Say to whom one goes: the number of a job tells nobody anything. */
    normalizeRecord(rawRecord) {
        const record = super.normalizeRecord(rawRecord);
        const customer = rawRecord.partner_id?.[1];
        return customer ? {...record, title: `${customer}, ${record.title}`} : record;
    }
}

registry.category("views").add("fsm_job_calendar", {
    ...calendarView,
    Model: JobCalendarModel,
    Renderer: JobCalendarRenderer,
});
