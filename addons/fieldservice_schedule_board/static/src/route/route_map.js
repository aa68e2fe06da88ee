/* global L */
import {Component, onMounted, onWillUnmount, onWillUpdateProps, useRef} from "@odoo/owl";
import {escape} from "@web/core/utils/strings";

/** Routes on a map whose pictures come from the address in the settings. */
export class RouteMap extends Component {
    static template = "fieldservice_schedule_board.RouteMap";
    static props = {routes: Array, colors: Array, tiles: Object};

    setup() {
        this.ref = useRef("map");
        onMounted(() => this.start());
        onWillUpdateProps(({routes}) => this.draw(routes));
        onWillUnmount(() => this.map.remove());
    }

    start() {
        this.map = L.map(this.ref.el, {zoomAnimation: false, fadeAnimation: false});
        const {url, attribution} = this.props.tiles;
        L.tileLayer(url, {attribution: escape(attribution), maxZoom: 19}).addTo(this.map);
        this.layer = L.layerGroup().addTo(this.map);
        this.draw(this.props.routes);
    }

    draw(routes) {
        this.layer.clearLayers();
        const places = routes.flatMap((route) => this.drawRoute(route));
        if (places.length) {
            this.map.fitBounds(L.latLngBounds(places), {padding: [40, 40], maxZoom: 15});
        } else {
            this.map.setView([0, 0], 2);
        }
    }

    drawRoute(route) {
        const color = this.props.colors[route.color];
        const stops = route.stops.filter(({place}) => place);
        const places = stops.map(({place}) => place);
        if (route.home.place && route.stops.length) {
            places.unshift(route.home.place);
            this.addMark(route.home.place, "⌂", color, `${route.person}: ${route.home.name}`);
        }
        L.polyline(places, {color, weight: 3, opacity: 0.8}).addTo(this.layer);
        for (const stop of stops) {
            this.addMark(
                stop.place,
                stop.number,
                color,
                `${stop.number}. ${stop.site}, ${stop.name} (${route.person})`,
            );
        }
        return places;
    }

    addMark(place, text, color, title) {
        const html = `<span class="o_route_mark" style="background: ${color}">${text}</span>`;
        const icon = L.divIcon({html, className: "", iconSize: [26, 26]});
        L.marker(place, {icon, title, alt: title}).bindPopup(escape(title)).addTo(this.layer);
    }
}
