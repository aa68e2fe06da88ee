import {Component, useState} from "@odoo/owl";
import {shrink} from "@fieldservice_schedule_day/data/photos";
import {Refused} from "@fieldservice_schedule_day/data/transport";
import {Icon} from "@fieldservice_schedule_day/ui/icon";
import {SendingState, useSending} from "@fieldservice_schedule_day/ui/sending";
import {Sheet} from "@fieldservice_schedule_day/ui/sheet";

const BLANK = {damage: 0, count: 1, note: "", done: false};

/** A damage in four taps: the unit, what it is, a photo, save. */
export class QuickJob extends Component {
    static template = "fieldservice_schedule_walk.QuickJob";
    static components = {Icon, SendingState, Sheet};
    static props = {walk: Object, unit: Object, close: Function};

    setup() {
        this.sending = useSending(`finding:${this.props.walk.id}:${this.props.unit.id}`, {...BLANK, photos: []});
        this.draft = useState(this.sending.draft);
        this.state = useState({error: "", isShrinking: false});
    }

    get damages() {
        return this.props.walk.values.damages;
    }

    choose(damage) {
        this.draft.damage = damage.id;
    }

    async takePhotos(event) {
        const files = [...event.target.files];
        event.target.value = "";
        this.state.error = "";
        this.state.isShrinking = true;
        try {
            for (const file of files) {
                this.draft.photos.push(await shrink(file));
            }
        } catch (error) {
            if (!(error instanceof Refused)) {
                throw error;
            }
            this.state.error = error.message;
        } finally {
            this.state.isShrinking = false;
        }
    }

    async save() {
        const {walk, unit} = this.props;
        const values = {...this.draft, photos: [...this.draft.photos], unit: unit.id};
        if (await this.sending.send("finding", walk.id, values)) {
            this.props.close();
            walk.load(); // not awaited: the next unit can be searched meanwhile
        }
    }
}
