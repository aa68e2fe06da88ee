import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {shrink} from "../data/photos";
import {Icon} from "../ui/icon";

/** The photos of a stop, and the camera. */
export class Photos extends Component {
    static template = "fieldservice_schedule_day.Photos";
    static components = {Icon};
    static props = {stop: Object};

    setup() {
        this.store = useState(this.env.store);
        this.state = useState({coming: 0});
    }

    label(number) {
        return _t("Photo %(number)s", {number: number + 1});
    }

    get comingText() {
        return _t("Photos being sent: %(count)s", {count: this.state.coming});
    }

    async add(event) {
        const files = [...event.target.files];
        event.target.value = "";
        this.state.coming += files.length;
        for (const file of files) {
            try {
                const data = await shrink(file);
                await this.store.do("photo", this.props.stop.id, {data});
            } catch (error) {
                this.store.fail(error);
            } finally {
                this.state.coming -= 1;
            }
        }
    }
}
