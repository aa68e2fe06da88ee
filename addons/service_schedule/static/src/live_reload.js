import {onMounted, onWillStart, onWillUnmount, useExternalListener, useState} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {useBus, useService} from "@web/core/utils/hooks";
import {useDebounced} from "@web/core/utils/timing";

const NOTIFICATION_DELAY = 400; // one step of an order sends several notifications
const LOST_DELAY = 1500; // a keep-alive reconnects at once: nobody needs to know
const SAFETY_INTERVAL = 60000;

/**
 * Call `reload` when the server says that something changed, when the connection or the tab comes back, and each
 * minute all the same.
 *
 * @param {Function} reload
 * @param {string[]} types notification types of the bus
 * @param {Object} [options]
 * @param {Function} [options.concerns] gets what a notification says: whether it is about what is shown
 * @param {Function} [options.isBusy] whether somebody does what a reload would disturb: it waits until he is ready
 * @returns {{ isLost: boolean }} reactive; the connection is lost, so what is shown may be out of date
 */
export function useLiveReload(reload, types, {concerns = () => true, isBusy = () => false} = {}) {
    const bus = useService("bus_service");
    const connection = useState({
        isLost: !browser.navigator.onLine || bus.workerState === "DISCONNECTED",
    });
    const reloadOnceReady = () => (isBusy() ? reloadSoon() : reload());
    const reloadSoon = useDebounced(reloadOnceReady, NOTIFICATION_DELAY);
    const listeners = types.map((type) => [type, (news) => concerns(news) && reloadSoon()]);
    let lostTimer;
    let safetyTimer;

    const onLost = () => {
        browser.clearTimeout(lostTimer);
        lostTimer = browser.setTimeout(() => (connection.isLost = true), LOST_DELAY);
    };
    const onBack = () => {
        browser.clearTimeout(lostTimer);
        connection.isLost = false;
        reloadSoon();
    };
    const reloadIfVisible = () => {
        if (!document.hidden) {
            reloadOnceReady();
        }
    };

    for (const type of ["BUS:DISCONNECT", "BUS:RECONNECTING"]) {
        useBus(bus, type, onLost);
    }
    for (const type of ["BUS:CONNECT", "BUS:RECONNECT"]) {
        useBus(bus, type, onBack);
    }
    useExternalListener(window, "offline", () => (connection.isLost = true));
    useExternalListener(window, "online", () => reloadSoon());
    useExternalListener(document, "visibilitychange", reloadIfVisible);
    onWillStart(() => {
        bus.start(); // not awaited: the page shows without it
    });
    onMounted(() => {
        listeners.forEach(([type, listener]) => bus.subscribe(type, listener));
        safetyTimer = browser.setInterval(reloadIfVisible, SAFETY_INTERVAL);
    });
    onWillUnmount(() => {
        listeners.forEach(([type, listener]) => bus.unsubscribe(type, listener));
        browser.clearInterval(safetyTimer);
        browser.clearTimeout(lostTimer);
    });
    return connection;
}
