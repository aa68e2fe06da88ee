import {useService} from "@web/core/utils/hooks";
import {patch} from "@web/core/utils/patch";
import {SearchBarMenu} from "@web/search/search_bar_menu/search_bar_menu";
import {RangeDialog} from "./range_dialog";

/** Jobs can be filtered by days and costs from–to: an entry in the menu of their filters, and of no others. */
patch(SearchBarMenu.prototype, {
    setup() {
        super.setup(...arguments);
        this.rangeDialog = useService("dialog");
    },

    get hasJobRange() {
        return this.env.searchModel.resModel === "fsm.order";
    },

    onJobRangeClick() {
        const {searchModel} = this.env;
        this.rangeDialog.add(RangeDialog, {
            onChosen: (filters) => {
                for (const {description, domain} of filters) {
                    // each in a group of its own: they are joined by "and"
                    searchModel.createNewFilters([{description, domain: JSON.stringify(domain)}]);
                }
            },
        });
    },
});
