import {NoConnection} from "./transport";

const MOST = 20; // commands in one request
const HEAVY = 2_000_000; // characters of a photo after which a request is sent

/**
 * The commands that the server has not answered yet, in the order in which they were given. It sends them one request
 * at a time. Without a connection they stay, and are sent again as they are: their ids let the server do each once.
 *
 * They are kept in memory. A page that works without a line puts them elsewhere: here, and nowhere else.
 */
export class CommandQueue {
    /**
     * @param {(commands: object[]) => Promise<object[]>} send
     * @param {() => void} changed called whenever ``waiting`` or ``isOffline`` may have changed
     */
    constructor(send, changed) {
        this.send = send;
        this.changed = changed;
        this.entries = [];
        this.isSending = false;
        this.isOffline = false;
    }

    get waiting() {
        return this.entries.length;
    }

    /** Return a promise of the answer to a command: it may come late. */
    add(command) {
        const answer = new Promise((resolve, reject) => this.entries.push({command, resolve, reject}));
        this.flush();
        return answer;
    }

    /** Take back a command that waits for a connection. It may have arrived: the day tells. */
    withdraw(id) {
        this.entries = this.entries.filter((entry) => entry.command.id !== id || this.isSending);
        this.changed();
    }

    /** Send what waits. */
    async flush() {
        if (this.isSending) {
            return;
        }
        this.isSending = true;
        try {
            while (this.entries.length) {
                this.changed();
                await this.sendSome();
                this.isOffline = false;
            }
        } catch (error) {
            this.fail(error);
        } finally {
            this.isSending = false;
            this.changed();
        }
    }

    async sendSome() {
        const batch = this.takeSome();
        const answers = await this.send(batch.map((entry) => entry.command));
        this.entries = this.entries.filter((entry) => !batch.includes(entry));
        batch.forEach((entry, number) => entry.resolve(answers[number]));
    }

    /** Return the first entries that fit into one request. */
    takeSome() {
        let size = 0;
        const fits = (entry, number) => {
            size += weigh(entry.command.values);
            return number === 0 || (number < MOST && size < HEAVY);
        };
        const last = this.entries.findIndex((entry, number) => !fits(entry, number));
        return last < 0 ? [...this.entries] : this.entries.slice(0, last);
    }

    fail(error) {
        if (error instanceof NoConnection) {
            this.isOffline = true;
            return;
        }
        // the server refuses them as a whole, e.g. who was logged out: their forms have what was typed
        const refused = this.entries;
        this.entries = [];
        refused.forEach((entry) => entry.reject(error));
    }
}

/** Return how many characters of photos a command carries. */
function weigh({data = "", photos = []}) {
    return data.length + photos.reduce((sum, photo) => sum + photo.length, 0);
}
