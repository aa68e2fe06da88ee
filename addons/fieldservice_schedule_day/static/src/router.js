import {onWillUnmount, useState} from "@odoo/owl";

/** The pages of the app by their hash: "#job/12" is page "job" with key "12". The phone's back button works so. */
export function useRoute() {
    const route = useState(read());
    const follow = () => Object.assign(route, read());
    window.addEventListener("hashchange", follow);
    onWillUnmount(() => window.removeEventListener("hashchange", follow));
    return route;
}

function read() {
    const [page, key] = location.hash.slice(1).split("/");
    return {page: page || "day", key: key || ""};
}

export function goTo(page, key = "") {
    location.hash = key ? `${page}/${key}` : page;
}
