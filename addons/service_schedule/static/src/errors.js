import {WarningDialog} from "@web/core/errors/error_dialogs";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

/** Says why a time cannot be had. Without it the web client would call these errors of ours a server error. */
export class NotBookableDialog extends WarningDialog {
    inferTitle() {
        return this.props.exceptionName.endsWith(".TimeTaken") ? _t("Time Taken") : _t("Not Possible");
    }
}

const PATH = "odoo.addons.service_schedule.exceptions";
registry
    .category("error_dialogs")
    .add(`${PATH}.NotBookable`, NotBookableDialog)
    .add(`${PATH}.TimeTaken`, NotBookableDialog);
