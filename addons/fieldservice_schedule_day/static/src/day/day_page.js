import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {StopCard} from "./stop_card";
import {Icon} from "../ui/icon";

const DONE = ["completed", "closed", "cancelled"];

/** One day: what comes next, and all stops in order. */
export class DayPage extends Component {
    static template = "fieldservice_schedule_day.DayPage";
    static components = {Icon, StopCard};
    static props = {key: String};

    setup() {
        this.store = useState(this.env.store);
        this.clock = this.env.clock;
    }

    get day() {
        return this.store.day;
    }

    get isToday() {
        return this.day.day === this.day.today;
    }

    get heading() {
        const name = this.clock.day(this.day.day);
        return this.isToday ? _t("Today, %(day)s", {day: name}) : name;
    }

    get summary() {
        const stops = this.day.stops.filter((stop) => stop.state !== "cancelled");
        const done = stops.filter((stop) => DONE.includes(stop.state)).length;
        return stops.length ? _t("%(done)s of %(count)s done", {done, count: stops.length}) : "";
    }

    dayLabel({day, count}) {
        const name = this.clock.day(day);
        return count ? _t("%(day)s, stops: %(count)s", {day: name, count}) : _t("%(day)s, free", {day: name});
    }

    driveText(stop) {
        return _t("%(time)s of driving", {time: this.clock.length(stop.driving)});
    }

    /** Return how the card of a stop is shown: what comes next is large. */
    isNext(stop) {
        return this.isToday && this.store.getNext()?.id === stop.id;
    }

    choose(event) {
        this.store.choose(Number(event.target.value));
    }
}
