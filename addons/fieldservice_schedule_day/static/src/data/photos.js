import {_t} from "@web/core/l10n/translation";
import {Refused} from "./transport";

const SIDE = 1600; // pixels of the longer side: a crack in a windshield can still be seen
const QUALITY = 0.82;

/**
 * Return a photo as JPEG in base64, small enough for a slow line. Drawing it anew also leaves out what cameras write
 * into their files, such as where it was taken.
 *
 * @param {Blob} file
 */
export async function shrink(file) {
    let picture;
    try {
        picture = await createImageBitmap(file, {imageOrientation: "from-image"});
    } catch {
        throw new Refused(_t("This file is no photo."));
    }
    const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff"; // what a PNG leaves open would turn black
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    return canvas.toDataURL("image/jpeg", QUALITY).split(",")[1];
}
