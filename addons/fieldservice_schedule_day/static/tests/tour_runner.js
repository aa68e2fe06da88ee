import {registry} from "@web/core/registry";
import {TourAutomatic} from "@web_tour/js/tour_automatic/tour_automatic";
import {tourState} from "@web_tour/js/tour_state";

/** Odoo's tours on a page without the web client, whose tour service needs overlays, effects and more. */
const tours = registry.category("web_tour.tours");

function run(name) {
    const tour = tours.get(name);
    new TourAutomatic({...tour, name, steps: tour.steps()}).start();
}

odoo.isTourReady = (name) => tours.contains(name);

odoo.startTour = (name, config) => {
    const defaults = {delayToCheckUndeterminisms: 0, stepDelay: 0, mode: "auto", debug: false};
    tourState.setCurrentConfig({...defaults, ...config});
    tourState.setCurrentTour(name);
    tourState.setCurrentIndex(0);
    run(name);
};

// a tour that reloads the page goes on
if (tours.contains(tourState.getCurrentTour())) {
    run(tourState.getCurrentTour());
}
