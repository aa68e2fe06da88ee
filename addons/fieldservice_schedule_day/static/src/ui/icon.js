import {Component, xml} from "@odoo/owl";

/** Strokes on a field of 24 by 24. */
const PATHS = {
    back: "M15 5l-7 7 7 7",
    next: "M9 5l7 7-7 7",
    call: "M5 4h4l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v4a1 1 0 0 1-1 1A15 15 0 0 1 4 5a1 1 0 0 1 1-1z",
    go: "M12 21s7-6.2 7-11.5A7 7 0 0 0 5 9.5C5 14.8 12 21 12 21zM12 12a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
    map: "M9 4L3 6v14l6-2 6 2 6-2V4l-6 2-6-2zM9 4v14M15 6v14",
    camera: "M4 8h3l2-3h6l2 3h3v11H4zM12 16.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z",
    check: "M4 12.5l5.5 5.5L20 7",
    warn: "M12 4l9 16H3zM12 10v4.5M12 17.2v.3",
    cross: "M6 6l12 12M18 6L6 18",
    note: "M5 4h14v12l-4 4H5zM8.5 9h7M8.5 13h4",
    again: "M20 12a8 8 0 1 1-2.4-5.7M20 3.5V8h-4.5",
    plus: "M12 5v14M5 12h14",
    play: "M8 5l11 7-11 7z",
    clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5.5l3.5 2",
    list: "M9 6h11M9 12h11M9 18h11M4.5 6h.1M4.5 12h.1M4.5 18h.1",
};

/** A picture beside a word: it says nothing to who cannot see it. */
export class Icon extends Component {
    static template = xml`
        <svg class="o_field_icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path t-att-d="path" />
        </svg>`;
    static props = {name: String};

    get path() {
        return PATHS[this.props.name];
    }
}
