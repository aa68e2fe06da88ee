import {Interaction} from "@web/public/interaction";
import {registry} from "@web/core/registry";

const PUSH = "sale_service_schedule_notification/push";
const LOOK_EVERY_MS = 60000;

/**
 * The page of an order changes by itself. Who has logged in hears of a change at once; who came by a link, and whose
 * connection was away, looks once a minute while the page is seen.
 */
export class ServiceOrderLive extends Interaction {
    static selector = ".o_service_panel[data-order-id]";
    dynamicContent = {
        _document: {"t-on-visibilitychange": () => this.look()},
    };

    setup() {
        this.onPush = (payload) => {
            if (String(payload.order_id) === this.el.dataset.orderId) {
                if (payload.message) {
                    this.services.notification.add(payload.message, {type: "success", sticky: true});
                }
                this.refresh();
            }
        };
    }

    start() {
        const bus = this.services.bus_service;
        bus.subscribe(PUSH, this.onPush);
        this.registerCleanup(() => bus.unsubscribe(PUSH, this.onPush));
        bus.start();
        const timer = setInterval(() => this.look(), LOOK_EVERY_MS);
        this.registerCleanup(() => clearInterval(timer));
    }

    look() {
        if (document.visibilityState === "visible") {
            this.refresh();
        }
    }

    /** Get the page again and swap what says how the order stands; a page that cannot be had leaves it as it is. */
    async refresh() {
        let text = "";
        try {
            const answer = await this.waitFor(fetch(location.href, {cache: "no-store"}));
            text = answer.ok ? await this.waitFor(answer.text()) : "";
        } catch {
            return; // No connection: the next look tries again
        }
        const found = new DOMParser().parseFromString(text, "text/html").querySelector(ServiceOrderLive.selector);
        if (!found || words(found) === words(this.el)) {
            return;
        }
        this.el.replaceChildren(...found.childNodes);
        const region = document.querySelector(".o_service_live");
        if (region) {
            region.textContent = this.el.querySelector(".badge")?.textContent || "";
        }
    }
}

function words(element) {
    return element.textContent.replace(/\s+/g, " ").trim();
}

registry.category("public.interactions").add("sale_service_schedule_notification.order_live", ServiceOrderLive);
