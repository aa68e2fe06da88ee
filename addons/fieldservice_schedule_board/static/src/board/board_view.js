import {registry} from "@web/core/registry";
import {TimelineView} from "@web_timeline/views/timeline/timeline_view.esm";
import {BoardController} from "./board_controller";
import {BoardModel} from "./board_model";
import {BoardRenderer} from "./board_renderer";

export const boardView = {
    ...TimelineView,
    Controller: BoardController,
    Model: BoardModel,
    Renderer: BoardRenderer,
    searchMenuTypes: ["filter", "favorite"], // its rows are the technicians
};

registry.category("views").add("fsm_dispatch_board", boardView);
