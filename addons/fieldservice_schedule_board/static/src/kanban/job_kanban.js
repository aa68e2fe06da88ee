import {registry} from "@web/core/registry";
import {KanbanRenderer} from "@web/views/kanban/kanban_renderer";
import {kanbanView} from "@web/views/kanban/kanban_view";

/** On a phone one column fills the screen, and nothing is dragged: a state in which there is no job is left out. */
export class JobKanbanRenderer extends KanbanRenderer {
    getGroupsOrRecords() {
        const shown = super.getGroupsOrRecords();
        return this.env.isSmall ? shown.filter(({group}) => !group || group.count) : shown;
    }
}

registry.category("views").add("fsm_job_kanban", {...kanbanView, Renderer: JobKanbanRenderer});
