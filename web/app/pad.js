/** The pad's buttons, and what is put on it from elsewhere on the page. */

import { digitPicture, PIXELS } from "../lib/digits.js";
import { byTestId } from "../lib/dom.js";
import { on } from "../lib/events.js";
import { coalesce } from "../lib/pace.js";
import { follow, page, showError } from "./state.js";

/** A seven, as somebody might write it. */
const FIRST_DIGIT = [[[0.27, 0.27], [0.4, 0.262], [0.55, 0.25], [0.68, 0.25], [0.73, 0.27], [0.71, 0.33], [0.63, 0.46], [0.55, 0.6], [0.49, 0.74], [0.46, 0.82]]];

/**
 * @param {object} parts
 * @param {import("./client.js").Client} parts.client
 * @param {import("./training.js").Training} parts.training
 * @param {ReturnType<typeof import("../lib/pictures.js").createPictures>} parts.pictures
 * @param {import("../components/drawing-pad.js").DrawingPad} parts.pad
 * @param {import("../components/samples.js").Samples} parts.samples
 * @param {EventTarget[]} parts.pickers  views that emit `pick` with {index, label} of a test image
 */
export function connectPad({ client, training, pictures, pad, samples, pickers }) {
  byTestId("undo").addEventListener("click", () => pad.undo());
  byTestId("clear").addEventListener("click", () => pad.clear());
  addEventListener("keydown", (event) => {
    const { target } = event;
    const isField = target instanceof HTMLElement && (target.matches("input, select, textarea") || target.isContentEditable);
    if ((event.ctrlKey || event.metaKey) && event.key === "z" && !isField) pad.undo();
  });

  /** @param {{index: number, label: number}} image  a test image to put on the pad */
  async function place({ index, label }) {
    const pixels = await pictures.get("test", [index]);
    pad.place(digitPicture(pixels), { pixels, label: page.classNames.value[label] });
  }
  for (const view of pickers) on(view, "pick", (image) => place(image).catch(showError));
  on(samples, "pick", (image) => pad.place(digitPicture(image.pixels), { ...image }));

  const showSamples = coalesce(async () => {
    if (!client.isReady || !page.hasTest.value) return;
    const { digits, indices } = await client.session.samples();
    const pixels = await pictures.get("test", indices);
    const images = digits.map((/** @type {number} */ label, /** @type {number} */ i) => ({ label, pixels: pixels.slice(i * PIXELS, (i + 1) * PIXELS) }));
    samples.update(images, page.classNames.value);
  });
  on(training, "begin", () => {
    pictures.clear();
    showSamples().catch(showError);
  });
  follow(() => {
    page.classNames.value;
    page.hasTest.value;
    showSamples().catch(showError);
  });

  pad.draw(FIRST_DIGIT);
}
