/** Where a stop is, as links. Coordinates are better than an address, which may be found elsewhere. */

const isApple = /iPhone|iPad|iPod|Macintosh/.test(navigator.userAgent);

/** Return the link that opens the phone's own navigation; "" when nobody knows where it is. */
export function navigationLink(stop) {
    const target = stop.latitude === null ? stop.address : `${stop.latitude},${stop.longitude}`;
    if (!target) {
        return "";
    }
    const query = encodeURIComponent(target);
    if (isApple) {
        return `https://maps.apple.com/?daddr=${query}`; // Apple's phones know no geo:
    }
    return stop.latitude === null ? `geo:0,0?q=${query}` : `geo:${target}?q=${query}`;
}

/** Return the link to a map on the web; "" when nobody knows where it is. */
export function mapLink(stop) {
    const map = "https://www.openstreetmap.org";
    if (stop.latitude !== null) {
        const {latitude, longitude} = stop;
        return `${map}/?mlat=${latitude}&mlon=${longitude}#map=17/${latitude}/${longitude}`;
    }
    return stop.address ? `${map}/search?query=${encodeURIComponent(stop.address)}` : "";
}

/** Return the link that calls a number. */
export function callLink(number) {
    return `tel:${number.replace(/[^\d+*#]/g, "")}`;
}
