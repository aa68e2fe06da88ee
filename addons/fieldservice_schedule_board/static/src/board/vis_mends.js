/** What vis-timeline does otherwise than people expect. */

/**
 * It hides itself until it draws something after its first "rangechanged", which comes 200 ms after the last change of
 * the days: who went on to another day at once was left with an empty board, since nothing was drawn after that.
 */
export function showOnceDrawn(timeline) {
    const draw = () => {
        timeline.off("rangechanged", draw);
        timeline.redraw();
    };
    timeline.on("rangechanged", draw);
}

/** It names the line of now in English, whatever the language is; `describe` returns the words. */
export function nameNow({currentTime}, describe) {
    const draw = currentTime.redraw.bind(currentTime);
    currentTime.redraw = () => {
        const isChanged = draw();
        currentTime.bar.title = describe();
        return isChanged;
    };
}

/** It reckons a drag from where it noticed it, ten pixels late or more: jobs would lag behind the mouse. */
export function dragFromWhereTaken({itemSet}) {
    const begin = itemSet._onDragStart.bind(itemSet);
    itemSet._onDragStart = (event) => {
        const isUnderWay = itemSet.touchParams.itemIsDragging;
        begin(event);
        for (const dragged of (!isUnderWay && itemSet.touchParams.itemProps) || []) {
            dragged.initialX -= event.deltaX;
        }
    };
    itemSet.hammer.off("panstart");
    itemSet.hammer.on("panstart", (event) => itemSet._onDragStart(event));
}
