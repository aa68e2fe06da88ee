/**
 * Update a record of a calendar; what may not be moved is put back: Odoo leaves it on the screen where it was dropped.
 *
 * @param {CalendarModel} model
 * @param {Function} update asks the server
 */
export async function updateOrPutBack(model, update) {
    try {
        return await update();
    } catch (error) {
        await model.load();
        throw error;
    }
}
