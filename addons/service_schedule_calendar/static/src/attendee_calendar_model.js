import {AttendeeCalendarModel} from "@calendar/views/attendee_calendar/attendee_calendar_model";
import {updateOrPutBack} from "@service_schedule/put_back";
import {patch} from "@web/core/utils/patch";

patch(AttendeeCalendarModel.prototype, {
    /** Override to put an event back that may not be moved. */
    async updateRecord() {
        return updateOrPutBack(this, () => super.updateRecord(...arguments));
    },
});
