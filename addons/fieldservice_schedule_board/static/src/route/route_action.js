import {Component, onWillStart, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {KeepLast} from "@web/core/utils/concurrency";
import {useService} from "@web/core/utils/hooks";
import {Layout} from "@web/search/layout";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {spanLabel} from "../board/wall_clock";
import {RouteMap} from "./route_map";
import {RouteSketch} from "./route_sketch";

const {DateTime} = luxon;

// dark enough for the white numbers on them
const COLORS = [
    "#1c5fa8",
    "#b3261e",
    "#1e7b34",
    "#7a3fd0",
    "#9a5b00",
    "#00707a",
    "#a8206f",
    "#4d5358",
    "#5b4bb7",
    "#6b5d00",
];

/** The routes of a day: stops in order with times and driving, on a map or as a sketch. */
export class RouteAction extends Component {
    static template = "fieldservice_schedule_board.RouteAction";
    static components = {Layout, RouteMap, RouteSketch};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.actionService = useService("action");
        this.keepLast = new KeepLast();
        this.colors = COLORS;
        this.display = {controlPanel: {}};
        const {fsm_route_day: day, fsm_route_persons: persons} = this.props.action.context || {};
        this.state = useState({data: null, chosen: persons || null});
        onWillStart(() => this.load(day || false));
    }

    async load(day) {
        this.state.data = await this.keepLast.add(this.orm.call("fsm.route.map", "read_routes", [day]));
    }

    get day() {
        return DateTime.fromISO(this.state.data.day, {zone: "utc"});
    }

    get title() {
        return this.day.toLocaleString({weekday: "long", month: "long", day: "numeric", year: "numeric"});
    }

    /** The routes that are shown: of those who were chosen, or of everybody who has something to do. */
    get routes() {
        const {chosen, data} = this.state;
        return data.routes.filter(({person_id: id, stops}) => (chosen ? chosen.includes(id) : stops.length));
    }

    /** Stops that nobody knows the place of: they are named beside the map. */
    get lost() {
        return this.routes.flatMap((route) =>
            route.stops.filter(({place}) => !place).map((stop) => ({...stop, person: route.person})),
        );
    }

    isShown(personId) {
        return this.routes.some((route) => route.person_id === personId);
    }

    toggle(personId) {
        const shown = this.routes.map((route) => route.person_id);
        this.state.chosen = shown.includes(personId) ? shown.filter((id) => id !== personId) : [...shown, personId];
    }

    showAll() {
        this.state.chosen = null;
    }

    go(days) {
        return this.load(this.day.plus({days}).toISODate());
    }

    onDayChosen(ev) {
        if (DateTime.fromISO(ev.target.value).isValid) {
            this.load(ev.target.value);
        }
    }

    when(stop) {
        return spanLabel(stop.start, stop.stop, this.state.data.zone);
    }

    driving(minutes) {
        return minutes >= 60
            ? _t("%(hours)s h %(minutes)s min", {hours: Math.floor(minutes / 60), minutes: minutes % 60})
            : _t("%s min", minutes);
    }

    describeDriving(route) {
        return _t("%(time)s driving", {time: this.driving(route.minutes)});
    }

    describeStart({home}) {
        return home.place
            ? _t("Starts at %(place)s", {place: home.name})
            : _t("Nobody knows where the day starts: %(place)s is not located.", {place: home.name});
    }

    openJob(jobId) {
        return this.actionService.doAction({
            type: "ir.actions.act_window",
            res_model: "fsm.order",
            res_id: jobId,
            views: [[false, "form"]],
        });
    }

    openBoard() {
        return this.actionService.doAction("fieldservice_schedule_board.fsm_order_board_action");
    }
}

registry.category("actions").add("fsm_route_map", RouteAction);
