import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {fitPlaces, getScaleBar, placeLabels, spreadPoints} from "./projection";

const SIZES = {wide: {width: 900, height: 620}, small: {width: 420, height: 345}};
const MARGIN = 48;
const RADIUS = 13;
const FONT = {letter: 6.6, line: 15};

/** Routes drawn without a map: stops where they are, in their order, with a scale. Nothing is loaded for it. */
export class RouteSketch extends Component {
    static template = "fieldservice_schedule_board.RouteSketch";
    static props = {routes: Array, colors: Array};

    /** Return all that is drawn, null when one knows of no place. */
    getDrawing() {
        const marks = this.props.routes.flatMap((route) => this.listMarks(route));
        if (!marks.length) {
            return null;
        }
        const size = this.env.isSmall ? SIZES.small : SIZES.wide;
        const {project, metresPerPixel} = fitPlaces(
            marks.map(({place}) => place),
            size.width,
            size.height,
            MARGIN,
        );
        const points = marks.map(({place}) => project(place));
        spreadPoints(points, 2 * RADIUS + 1);
        const labels = placeLabels(
            points,
            marks.map(({label}) => label),
            {...size, ...FONT, radius: RADIUS},
        );
        const drawn = marks.map((mark, index) => ({...mark, ...points[index], at: labels[index]}));
        return {
            ...size,
            radius: RADIUS,
            marks: drawn,
            lines: this.listLines(drawn),
            scale: this.getScale(metresPerPixel),
        };
    }

    /** Return the places of a route in its order: where it starts, then its stops. */
    listMarks(route) {
        const color = this.props.colors[route.color];
        const home = route.home.place && route.stops.length;
        const start = {key: `home-${route.person_id}`, place: route.home.place, label: "", isHome: true};
        start.title = _t("%(name)s starts at %(place)s", {name: route.person, place: route.home.name});
        const stops = route.stops
            .filter(({place}) => place)
            .map((stop) => ({
                key: `stop-${stop.id}`,
                place: stop.place,
                text: String(stop.number),
                label: shorten(stop.site),
                title: `${stop.number}. ${stop.site}, ${stop.name} (${route.person})`,
                isDone: stop.is_done,
            }));
        return (home ? [start, ...stops] : stops).map((mark) => ({...mark, color, personId: route.person_id}));
    }

    /** Return a line for each technician through his places, for whoever has two or more. */
    listLines(marks) {
        const lines = new Map();
        for (const {personId, color, x, y} of marks) {
            const line = lines.get(personId) || {personId, color, points: []};
            line.points.push(`${x.toFixed(1)},${y.toFixed(1)}`);
            lines.set(personId, line);
        }
        const long = [...lines.values()].filter(({points}) => points.length > 1);
        return long.map((line) => ({...line, points: line.points.join(" ")}));
    }

    getScale(metresPerPixel) {
        const {metres, pixels} = getScaleBar(metresPerPixel);
        return {pixels, text: nameLength(metres)};
    }

    get title() {
        return _t(
            "Sketch of the routes of %s",
            this.props.routes.map(({person}) => person),
        );
    }
}

/** Return "500 m" or "2 km": the bar of a scale has whole ones. */
function nameLength(metres) {
    return metres >= 1000 ? _t("%(count)s km", {count: metres / 1000}) : _t("%(count)s m", {count: metres});
}

function shorten(text) {
    return text.length > 24 ? `${text.slice(0, 23)}…` : text;
}
