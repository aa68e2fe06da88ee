import {Component, useState} from "@odoo/owl";
import {getHint} from "../hints";
import {callLink, navigationLink} from "../places";
import {Icon} from "../ui/icon";

const COUNTED = 4;

/** A stop in the list of the day. */
export class StopCard extends Component {
    static template = "fieldservice_schedule_day.StopCard";
    static components = {Icon};
    static props = {stop: Object, isNext: Boolean, withDay: {type: Boolean, optional: true}};

    setup() {
        this.store = useState(this.env.store);
        this.clock = this.env.clock;
    }

    get stop() {
        return this.props.stop;
    }

    get hint() {
        return getHint(this.stop, this.store.moment, this.clock);
    }

    get zone() {
        return this.store.day.tz;
    }

    get when() {
        const {start, stop} = this.stop;
        return this.props.withDay ? this.clock.moment(start, this.zone) : this.clock.span(start, stop, this.zone);
    }

    /** Return the time on the clock of the site, when it is another than the technician's. */
    get whenThere() {
        return this.clock.spanThere(this.stop, this.zone);
    }

    get units() {
        const names = this.stop.units.map((unit) => (unit.number ? `#${unit.number}` : unit.name));
        const rest = names.length - COUNTED;
        return names.slice(0, COUNTED).join(", ") + (rest > 0 ? ` +${rest}` : "");
    }

    get navigation() {
        return navigationLink(this.stop);
    }

    get call() {
        const [phone] = this.stop.phones;
        return phone ? callLink(phone.number) : "";
    }
}
