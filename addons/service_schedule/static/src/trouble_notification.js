import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

/** Tells whoever changed hours or entered a leave that promises depend on them, with the way to mend it. */
export const troubleNotificationService = {
    dependencies: ["action", "bus_service", "notification"],
    start(env, {action, bus_service: bus, notification}) {
        bus.subscribe("service_schedule/trouble", ({message}) => {
            const close = notification.add(message, {
                type: "warning",
                sticky: true,
                buttons: [
                    {
                        name: _t("Show Them"),
                        primary: true,
                        onClick: () => {
                            close();
                            action.doAction("service_schedule.service_reservation_trouble_action");
                        },
                    },
                ],
            });
        });
        bus.start();
    },
};

registry.category("services").add("service_schedule_trouble", troubleNotificationService);
