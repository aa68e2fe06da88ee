import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {registry} from "@web/core/registry";
import {session} from "@web/session";

const PUSH = "sale_service_schedule_notification/push";
const SOUND = "/sale_service_schedule_notification/static/src/sound/new_order.wav";

/** Tells the staff of a service point of a new order, with a sound, without one, or not at all, as each wishes. */
export const orderToastService = {
    dependencies: ["action", "bus_service", "notification"],
    start(env, {action, bus_service: bus, notification}) {
        const wish = session.service_order_toast || "off";
        if (wish === "off") {
            return;
        }
        bus.subscribe(PUSH, (payload) => {
            if (payload.type !== "new_order") {
                return;
            }
            const close = notification.add(describe(payload), {
                title: _t("New order"),
                type: "info",
                autocloseDelay: 15000,
                buttons: [
                    {
                        name: _t("Open"),
                        primary: true,
                        onClick: () => {
                            close();
                            // the form with the steps of the work, as from the board
                            action.doAction("sale_service_schedule.sale_order_action", {
                                viewType: "form",
                                props: {resId: payload.order_id},
                            });
                        },
                    },
                ],
            });
            if (wish === "sound") {
                // A browser refuses sound until the user has touched the page: the toast is there all the same
                new browser.Audio(SOUND).play().catch(() => false);
            }
        });
        bus.start();
    },
};

function describe({customer_name: name, scheduled_pickup_time: time}) {
    if (!time) {
        return _t("%s, as soon as possible", name);
    }
    // The clock of the service point, wherever the reader is
    const moment = luxon.DateTime.fromISO(time, {setZone: true});
    return _t("%(name)s, for %(time)s", {name, time: moment.toLocaleString(luxon.DateTime.DATETIME_MED)});
}

registry.category("services").add("sale_service_schedule_order_toast", orderToastService);
