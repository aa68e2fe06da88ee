import {Component, onMounted, onWillStart, onWillUnmount, useEffect, useRef, useState} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {formatDate} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {ConnectionLostError} from "@web/core/network/rpc";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {useLiveReload} from "@service_schedule/live_reload";
import {Layout} from "@web/search/layout";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {DueCard} from "./due_card";
import {placeOrder} from "./due_time";

const {DateTime} = luxon;

const POINT_KEY = "sale_service_schedule.due_board.point";
const TICK_INTERVAL = 30000;
const NOTIFICATIONS = ["sale_service_schedule/order", "service_schedule/changed"];

const LANES = [
    {key: "todo", label: _t("To do"), empty: _t("Nothing is waiting.")},
    {key: "preparing", label: _t("In progress"), empty: _t("Nothing in progress.")},
    {key: "ready", label: _t("Ready for pickup"), empty: _t("Nothing to hand over.")},
];
const TODO_GROUPS = [
    {key: "earlier", label: _t("Earlier days"), icon: "fa-history", tone: "text-danger"},
    {key: "overdue", label: _t("Overdue"), icon: "fa-exclamation-circle", tone: "text-danger"},
    {key: "due_soon", label: _t("Due soon"), icon: "fa-hourglass-half", tone: "text-warning"},
    {key: "scheduled", label: _t("Scheduled"), icon: "fa-calendar-check-o", tone: "text-success"},
    {key: "walk_in", label: _t("Walk-ins waiting"), icon: "fa-user", tone: "text-info"},
];

/** The due-today board: what is to do at a service point today, and one click for each step. */
export class DueBoard extends Component {
    static template = "sale_service_schedule.DueBoard";
    static components = {DueCard, Layout};
    static props = {...standardActionServiceProps};

    setup() {
        this.action = useService("action");
        this.notification = useService("notification");
        this.orm = useService("orm");
        this.turn = 0;
        this.root = useRef("root");
        this.focusOrderId = null;
        this.state = useState({
            pointId: Number(browser.localStorage.getItem(POINT_KEY)) || false,
            points: [],
            orders: [],
            more: 0,
            now: Date.now(),
            loadedAt: null,
            isLoading: false,
            isFailed: false,
            lane: "todo",
            busy: {},
            announcement: "",
        });
        this.connection = useLiveReload(() => this.load(), NOTIFICATIONS);
        onWillStart(() => this.load());
        onMounted(() => (this.ticker = browser.setInterval(() => this.tick(), TICK_INTERVAL)));
        onWillUnmount(() => browser.clearInterval(this.ticker));
        useEffect(() => this.restoreFocus());
    }

    // ------------------------------------------------------------------
    // Loading
    // ------------------------------------------------------------------

    /**
     * Read the board; of several answers the one to the last question counts. A failure is shown as "out of date", and
     * the next notification or minute tries again.
     */
    async load() {
        const turn = ++this.turn;
        this.state.isLoading = true;
        try {
            const board = await this.orm.silent.call("sale.order", "get_due_board", [this.state.pointId]);
            if (turn === this.turn) {
                this.show(board);
            }
        } catch (error) {
            Object.assign(this.state, {isLoading: false, isFailed: true});
            if (!(error instanceof ConnectionLostError) && !this.state.loadedAt) {
                throw error;
            }
        }
    }

    show({now, points, orders, more}) {
        this.skew = Date.parse(now) - Date.now();
        const isKnown = points.some((point) => point.id === this.state.pointId);
        Object.assign(this.state, {
            points,
            orders,
            more,
            pointId: isKnown ? this.state.pointId : false,
            loadedAt: DateTime.now(),
            isLoading: false,
            isFailed: false,
        });
        this.tick();
    }

    /** Move the clock on: "in 25 min" becomes "in 24 min". */
    tick() {
        this.state.now = Date.now() + (this.skew || 0);
    }

    // ------------------------------------------------------------------
    // What the template shows
    // ------------------------------------------------------------------

    get isOutOfDate() {
        return this.connection.isLost || this.state.isFailed;
    }

    get dueCount() {
        return this.state.orders.filter((order) => order.bucket !== "walk_in" && !order.is_earlier).length;
    }

    get title() {
        return _t("Orders Due Today (%s)", this.dueCount);
    }

    get todayLabel() {
        const point = this.state.points.find(({id}) => id === this.state.pointId) || this.state.points[0];
        return point ? DateTime.fromISO(point.today).toLocaleString(DateTime.DATE_HUGE) : formatDate(DateTime.now());
    }

    get updatedLabel() {
        return _t("Updated %s", this.state.loadedAt.toLocaleString(DateTime.TIME_SIMPLE));
    }

    get lanes() {
        const placed = this.state.orders.map((order) => ({order, ...placeOrder(order, this.state.now)}));
        return LANES.map((lane) => {
            const cards = placed.filter((card) => card.lane === lane.key);
            const groups = lane.key === "todo" ? TODO_GROUPS : [{key: lane.key}];
            return {
                ...lane,
                count: cards.length,
                groups: groups
                    .map((group) => ({...group, cards: cards.filter((card) => card.group === group.key)}))
                    .filter((group) => group.cards.length),
            };
        });
    }

    pointName(order) {
        const isShown = this.state.points.length > 1 && !this.state.pointId;
        return (isShown && this.state.points.find(({id}) => id === order.point_id)?.name) || "";
    }

    // ------------------------------------------------------------------
    // What people do
    // ------------------------------------------------------------------

    onPointChange(ev) {
        this.state.pointId = Number(ev.target.value) || false;
        browser.localStorage.setItem(POINT_KEY, this.state.pointId || "");
        this.load();
    }

    onNewOrder() {
        const {pointId} = this.state;
        return this.action.doAction("sale_service_schedule.sale_order_quick_action", {
            additionalContext: pointId ? {default_point_id: pointId} : {},
            onClose: () => this.load(),
        });
    }

    onOpenOrder(order) {
        return this.action.doAction("sale_service_schedule.sale_order_action", {
            viewType: "form",
            props: {resId: order.id},
        });
    }

    onShowAll() {
        return this.action.doAction("sale_service_schedule.sale_order_action", {viewType: "list"});
    }

    /** Take one step, then show what the server says, also when it refused. One step of an order at a time. */
    async onStep(order, method, {isKeyboard}) {
        if (this.state.busy[order.id]) {
            return;
        }
        this.state.busy[order.id] = true;
        this.focusOrderId = isKeyboard ? order.id : null;
        try {
            await this.orm.call("sale.order", method, [[order.id]]);
            this.announce(order, method);
        } finally {
            await this.load();
            delete this.state.busy[order.id];
        }
    }

    announce(order, method) {
        const text = {
            action_start_work: _t("%s is in progress", order.name),
            action_ready: _t("%s is ready for pickup", order.name),
            action_picked_up: _t("%s has been picked up", order.name),
        }[method];
        this.state.announcement = text;
        if (method === "action_picked_up") {
            this.notification.add(text, {type: "success"});
        }
    }

    /** Whoever works with the keyboard goes on where the card went, or with the first one that is left. */
    restoreFocus() {
        if (this.focusOrderId && !this.state.busy[this.focusOrderId]) {
            const card = this.root.el?.querySelector(`[data-order-id="${this.focusOrderId}"]`);
            (card || this.root.el)?.querySelector(".o_due_card_step")?.focus();
            this.focusOrderId = null;
        }
    }
}

registry.category("actions").add("service_due_board", DueBoard);
