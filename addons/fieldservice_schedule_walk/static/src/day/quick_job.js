import {Component, onMounted, useState} from "@odoo/owl";
import {makeId} from "@fieldservice_schedule_day/data/day_store";
import {shrink} from "@fieldservice_schedule_day/data/photos";
import {Refused} from "@fieldservice_schedule_day/data/transport";
import {Icon} from "@fieldservice_schedule_day/ui/icon";
import {SendingState, useSending} from "@fieldservice_schedule_day/ui/sending";
import {Sheet} from "@fieldservice_schedule_day/ui/sheet";
import {_t} from "@web/core/l10n/translation";

// key: by which the server knows a damage that it has got already, once it was sent
const BLANK = {damage: 0, count: 1, note: "", done: false, key: ""};

/** A damage in four taps: the unit, what it is, a photo, save. */
export class QuickJob extends Component {
    static template = "fieldservice_schedule_walk.QuickJob";
    static components = {Icon, SendingState, Sheet};
    static props = {walk: Object, unit: Object, close: Function};

    setup() {
        this.sending = useSending(`finding:${this.props.walk.id}:${this.props.unit.id}`, {...BLANK, photos: []});
        this.draft = useState(this.sending.draft);
        this.state = useState({error: "", isShrinking: false});
        onMounted(() => this.draft.key && this.props.walk.load()); // it may have arrived, when it was taken back
    }

    /** Return whether the server has got this damage: it was taken back to be changed, but too late. */
    get hasArrived() {
        return Boolean(this.draft.key) && this.props.unit.findings.some(({uuid}) => uuid === this.draft.key);
    }

    startAnew() {
        Object.assign(this.draft, {...BLANK, photos: []});
    }

    get damages() {
        return this.props.walk.values.damages;
    }

    label(number) {
        return _t("Photo %(number)s", {number: number + 1});
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
        this.draft.key ||= makeId();
        const values = {...this.draft, photos: [...this.draft.photos], unit: unit.id};
        if (await this.sending.send("finding", walk.id, values)) {
            this.props.close();
            walk.load(); // not awaited: the next unit can be searched meanwhile
        }
    }
}
