import {Component, useEnv, useState} from "@odoo/owl";
import {Refused} from "../data/transport";

/**
 * What a form needs that sends a command: it stays open, with what was typed, until the server has answered.
 *
 * @param {string} key of its draft: closed and opened again, the form has what was typed
 * @param {object} blank the draft of a form that nobody has filled in
 */
export function useSending(key, blank = {}) {
    const {store} = useEnv();
    const drafts = useState(store).drafts;
    drafts[key] ??= {...blank};
    const state = useState({command: null, error: ""});
    return {
        state,
        draft: drafts[key],
        /** Send; return the fresh values of the job, null when the server refused or somebody went back to typing. */
        async send(name, job, values) {
            const command = store.prepare(name, job, values);
            const isAwaited = () => state.command?.id === command.id;
            state.error = "";
            state.command = command;
            try {
                const fresh = await store.send(command);
                if (!isAwaited()) {
                    return null; // it had arrived all the same; what is being typed now is not that
                }
                delete store.drafts[key];
                return {job: fresh};
            } catch (error) {
                if (!(error instanceof Refused)) {
                    throw error;
                }
                if (isAwaited()) {
                    state.error = error.message;
                }
                return null;
            } finally {
                if (isAwaited()) {
                    state.command = null;
                }
            }
        },
        /** Go back to typing while there is no connection; it may have arrived, then what comes next stands instead. */
        giveBack() {
            drafts[key].instead = [...(drafts[key].instead ?? []), state.command.id];
            store.withdraw(state.command);
            state.command = null;
        },
    };
}

/** What a form says below its fields: why not, or that it waits. */
export class SendingState extends Component {
    static template = "fieldservice_schedule_day.SendingState";
    static props = {sending: Object};

    setup() {
        this.store = useState(this.env.store);
        this.state = useState(this.props.sending.state);
    }
}
