/**
 * The geometry of a sketch of routes: places on the earth become points of a picture. A town is small, so the picture is
 * flat: degrees of longitude are shortened by the cosine of the latitude. Places are `[latitude, longitude]` in degrees.
 */

const METRES_A_DEGREE = 111_195;
const SIDES = [
    [1, 0],
    [-1, 0],
    [1, -1],
    [-1, -1],
    [1, 1],
    [-1, 1],
    [0, -1],
    [0, 1],
];
const LEAST_METRES = 400;

/**
 * Return `{project, metresPerPixel}` by which all places fit into a picture; `project(place)` is `{x, y}`.
 *
 * A few places close together are not blown up beyond what one sees from a street corner.
 */
export function fitPlaces(places, width, height, margin) {
    const latitudes = places.map(([latitude]) => latitude);
    const longitudes = places.map(([, longitude]) => longitude);
    const middle = [center(latitudes), center(longitudes)];
    const shrink = Math.cos((middle[0] * Math.PI) / 180);
    const east = spread(longitudes) * METRES_A_DEGREE * shrink;
    const north = spread(latitudes) * METRES_A_DEGREE;
    const metresPerPixel = Math.max(
        Math.max(east, LEAST_METRES) / (width - 2 * margin),
        Math.max(north, LEAST_METRES) / (height - 2 * margin),
    );
    const project = ([latitude, longitude]) => ({
        x: width / 2 + ((longitude - middle[1]) * METRES_A_DEGREE * shrink) / metresPerPixel,
        y: height / 2 - ((latitude - middle[0]) * METRES_A_DEGREE) / metresPerPixel,
    });
    return {project, metresPerPixel};
}

/** Return `{metres, pixels}` of a scale bar: a round length that is at most `most` pixels long. */
export function getScaleBar(metresPerPixel, most = 140) {
    const longest = metresPerPixel * most;
    const power = 10 ** Math.floor(Math.log10(longest));
    const metres = [5, 2, 1].map((times) => times * power).find((length) => length <= longest);
    return {metres, pixels: metres / metresPerPixel};
}

/**
 * Put points that lie on top of each other beside each other: two jobs at one lot are two circles.
 *
 * @param points `[{x, y}]`, changed in place
 */
export function spreadPoints(points, distance) {
    points.forEach((point, index) => {
        let turn = 0;
        const origin = {x: point.x, y: point.y};
        while (points.slice(0, index).some((other) => Math.hypot(other.x - point.x, other.y - point.y) < distance)) {
            turn += 1;
            const ring = Math.ceil(turn / 6);
            point.x = origin.x + Math.cos((turn * Math.PI) / 3) * distance * ring;
            point.y = origin.y + Math.sin((turn * Math.PI) / 3) * distance * ring;
        }
    });
}

/**
 * Give each label a place beside its point where it covers no point and no other label; those without room get none.
 *
 * @param points `[{x, y}]`, `labels` their texts
 * @returns `[{x, y, anchor} or null]`, in their order
 */
export function placeLabels(points, labels, {width, height, radius, letter, line}) {
    const taken = points.map(({x, y}) => [x - radius, y - radius, x + radius, y + radius]);
    return points.map((point, index) => {
        const size = labels[index].length * letter;
        for (const [right, down] of labels[index] ? SIDES : []) {
            const middle = point.x + right * (radius + 4 + size / 2);
            const base = point.y + down * (radius + line / 2 + (right ? 0 : 2));
            const box = [middle - size / 2, base - line / 2, middle + size / 2, base + line / 2];
            const inside = box[0] >= 0 && box[1] >= 0 && box[2] <= width && box[3] <= height;
            if (inside && !taken.some((other) => overlaps(box, other))) {
                taken.push(box);
                return {x: middle, y: base};
            }
        }
        return null;
    });
}

function overlaps(a, b) {
    return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
}

function center(numbers) {
    return (Math.min(...numbers) + Math.max(...numbers)) / 2;
}

function spread(numbers) {
    return Math.max(...numbers) - Math.min(...numbers);
}
