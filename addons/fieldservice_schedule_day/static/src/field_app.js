import {Component, onMounted, onWillStart, onWillUnmount, useEffect, useRef, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {DayPage} from "./day/day_page";
import {JobPage} from "./job/job_page";
import {useRoute} from "./router";
import {Icon} from "./ui/icon";

const TICK = 30 * 1000;
const LOOK_AGAIN = 4 * 60 * 1000;

/**
 * The pages by the first part of their hash. Addons add theirs: a component with the prop ``key``, the rest of the hash.
 */
export const pages = registry.category("field_pages");
pages.add("day", DayPage).add("job", JobPage);

export class FieldApp extends Component {
    static template = "fieldservice_schedule_day.FieldApp";
    static components = {Icon};
    static props = {};

    setup() {
        this.store = useState(this.env.store);
        this.route = useRoute();
        this.main = useRef("main");
        onWillStart(() => {
            this.store.start(Number(this.route.key) || null); // not awaited: the page shows that it loads
        });
        useEffect(
            () => this.enter(),
            () => [this.route.page, this.route.key],
        );
        this.keepUpToDate();
    }

    get page() {
        return pages.get(this.route.page, DayPage);
    }

    get title() {
        return this.store.day?.technician.name || this.env.user.name;
    }

    get waitingText() {
        return _t("Not sent yet: %(count)s", {count: this.store.waiting});
    }

    /** Begin a page at its top, where a screen reader begins, too. */
    enter() {
        window.scrollTo(0, 0);
        this.main.el?.focus({preventScroll: true});
        this.findDay();
    }

    /** Go to the day of a job that a link names, when it is not on the one that is shown. */
    findDay() {
        const job = Number(this.route.key);
        if (job && this.store.day && !this.store.getStop(job)) {
            this.store.load(this.store.day.day, {job});
        }
    }

    keepUpToDate() {
        let looked = Date.now();
        const look = () => {
            this.store.moment = this.store.now();
            if (!document.hidden && Date.now() - looked > LOOK_AGAIN) {
                looked = Date.now();
                this.store.refresh();
            }
        };
        const online = () => this.store.retry();
        const leave = (event) => this.store.waiting && event.preventDefault();
        const timer = setInterval(look, TICK);
        onMounted(() => {
            document.addEventListener("visibilitychange", look);
            window.addEventListener("online", online);
            window.addEventListener("beforeunload", leave);
        });
        onWillUnmount(() => {
            clearInterval(timer);
            document.removeEventListener("visibilitychange", look);
            window.removeEventListener("online", online);
            window.removeEventListener("beforeunload", leave);
        });
    }
}
