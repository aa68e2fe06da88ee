/**
 * What vis-timeline draws. Only what is different is given to it: the rest keeps its place, and the focus of the
 * keyboard, when the board is read anew.
 */
export class DrawnSet {
    /** @param {Object} vis the library */
    constructor(vis) {
        this.data = new vis.DataSet();
        this.texts = new Map();
    }

    /**
     * Show these and no others.
     *
     * @param {Object[]} wanted with an `id`
     * @param {Function} finish adds to one that is drawn anew what is dear to make
     * @returns {Set} ids of what is drawn anew, or not any more
     */
    show(wanted, finish = (one) => one) {
        const texts = new Map(wanted.map((one) => [one.id, JSON.stringify(one)]));
        const gone = [...this.texts.keys()].filter((id) => !texts.has(id));
        const changed = wanted.filter(({id}) => this.texts.get(id) !== texts.get(id));
        this.texts = texts; // first: to draw calls the board, which calls this again
        this.data.remove(gone);
        this.data.update(changed.map(finish));
        return new Set([...gone, ...changed.map(({id}) => id)]);
    }

    /** Have one drawn anew next time: something else has moved it. */
    forget(id) {
        this.texts.set(id, "");
    }
}
