import {ConnectionLostError, ConnectionAbortedError, RPCError, rpc} from "@web/core/network/rpc";
import {_t} from "@web/core/l10n/translation";

const PATIENCE = 30000; // ms; with photos a slow line needs longer
const SLOW = 120000;
const SESSION_EXPIRED = 100;

/** The server did not answer: the line is gone, or too slow. What was sent may have arrived. */
export class NoConnection extends Error {}

/** The server said no: ``message`` is a sentence for the user. */
export class Refused extends Error {
    constructor(message, isLoggedOut = false) {
        super(message);
        this.isLoggedOut = isLoggedOut;
    }
}

/** Ask the server; the only place where the page talks to it. */
export async function ask(route, params, patience = PATIENCE) {
    const answer = rpc(route, params);
    const timer = setTimeout(() => answer.abort(), patience);
    try {
        return await answer;
    } catch (error) {
        throw explain(error);
    } finally {
        clearTimeout(timer);
    }
}

function explain(error) {
    if (error instanceof ConnectionLostError || error instanceof ConnectionAbortedError) {
        return new NoConnection();
    }
    if (error instanceof RPCError) {
        if (error.code === SESSION_EXPIRED) {
            return new Refused(_t("You have been logged out."), true);
        }
        const isSentence = (error.exceptionName || "").startsWith("odoo.exceptions.");
        return new Refused(
            isSentence ? error.data.message : _t("Something went wrong on the server. Please try again."),
        );
    }
    return error;
}

export const transport = {
    /** Return a whole day: see ``fsm.person._get_field_day``. */
    readDay(day, technician, job) {
        return ask("/field/day", {day, technician, job});
    },

    /** Send commands; return what became of each: see ``field.command._apply_all``. */
    send(commands) {
        const isHeavy = commands.some((one) => one.values.data || one.values.photos?.length);
        return ask("/field/do", {commands}, isHeavy ? SLOW : PATIENCE);
    },
};
