import {App, reactive, whenReady} from "@odoo/owl";
import {appTranslateFn, translatedTerms, translatedTermsGlobal, translationLoaded} from "@web/core/l10n/translation";
import {getTemplate} from "@web/core/templates";
import {DayStore} from "./data/day_store";
import {Clock} from "./clock";
import {FieldApp} from "./field_app";

/** Take the texts that the page brought: no web client is here that would ask for them. */
function loadTexts(terms) {
    Object.assign(translatedTerms, terms, {[translationLoaded]: true});
    Object.assign(translatedTermsGlobal, ...Object.values(terms));
}

whenReady(async () => {
    const given = odoo.fieldApp;
    if (!given) {
        return; // a page of tests
    }
    loadTexts(given.terms);
    const store = reactive(new DayStore({technician: given.technician}));
    const app = new App(FieldApp, {
        getTemplate,
        env: {store, clock: new Clock(given.lang), user: given.user},
        translateFn: appTranslateFn,
        translatableAttributes: ["aria-label", "placeholder", "title"],
        name: "My Day",
    });
    await app.mount(document.body);
});
