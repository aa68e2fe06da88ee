import {Component, useState} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {serializeDateTime} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {formatFloat} from "@web/core/utils/numbers";

const {DateTime} = luxon;

/** Days and costs from–to: what is filled in becomes filters of the search bar, and can be kept as a favorite. */
export class RangeDialog extends Component {
    static template = "fieldservice_schedule_board.RangeDialog";
    static components = {Dialog};
    static props = {onChosen: Function, close: Function};

    setup() {
        this.state = useState({fromDay: "", toDay: "", fromCost: "", toCost: "", unit: "", error: ""});
    }

    apply() {
        const filters = [this.getDays(), this.getCosts(), this.getUnit()].filter(Boolean);
        this.state.error = this.findError(filters);
        if (!this.state.error) {
            this.props.onChosen(filters);
            this.props.close();
        }
    }

    findError(filters) {
        const {fromDay, toDay, fromCost, toCost} = this.state;
        if (!filters.length) {
            return _t("Fill in at least one of them.");
        }
        if (fromDay && toDay && toDay < fromDay) {
            return _t("The last day is before the first one.");
        }
        if (isGiven(fromCost) && isGiven(toCost) && Number(toCost) < Number(fromCost)) {
            return _t("The highest cost is lower than the lowest one.");
        }
        return "";
    }

    /** Return the filter of the planned days, both included, on the user's clock. */
    getDays() {
        const {fromDay, toDay} = this.state;
        const domain = [];
        if (fromDay) {
            domain.push(["scheduled_date_start", ">=", serializeDateTime(DateTime.fromISO(fromDay))]);
        }
        if (toDay) {
            domain.push(["scheduled_date_start", "<", serializeDateTime(DateTime.fromISO(toDay).plus({days: 1}))]);
        }
        return this.makeFilter(_t("Planned"), domain, formatDay(fromDay), formatDay(toDay));
    }

    getCosts() {
        const {fromCost, toCost} = this.state;
        const domain = [];
        if (isGiven(fromCost)) {
            domain.push(["cost", ">=", Number(fromCost)]);
        }
        if (isGiven(toCost)) {
            domain.push(["cost", "<=", Number(toCost)]);
        }
        return this.makeFilter(_t("Cost"), domain, formatCost(fromCost), formatCost(toCost));
    }

    getUnit() {
        const unit = this.state.unit.trim();
        const domain = ["|", ["equipment_ids.name", "ilike", unit], ["equipment_ids.serial_number", "ilike", unit]];
        return unit && {description: _t("Unit %s", unit), domain};
    }

    makeFilter(name, domain, first, last) {
        if (!domain.length) {
            return null;
        }
        const values = {name, first, last};
        let description = _t("%(name)s %(first)s – %(last)s", values);
        if (!first) {
            description = _t("%(name)s up to %(last)s", values);
        } else if (!last) {
            description = _t("%(name)s from %(first)s", values);
        }
        return {description, domain};
    }
}

function isGiven(number) {
    return number !== "" && !Number.isNaN(Number(number));
}

/** Return a number that was typed as the user's language writes it: "1 234,50". */
function formatCost(cost) {
    return isGiven(cost) ? formatFloat(Number(cost), {trailingZeros: false}) : "";
}

function formatDay(day) {
    return day ? DateTime.fromISO(day).toLocaleString(DateTime.DATE_MED) : "";
}
