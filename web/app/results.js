/** What the test set says about the network, brought from the session to the views that show it. */

import { downloadSvg, downloadSvgAsPng } from "../lib/download.js";
import { on } from "../lib/events.js";
import { integer } from "../lib/format.js";
import { coalesce, throttle, yieldToEventLoop } from "../lib/pace.js";
import { follow, page, showError } from "./state.js";

/** Images shown of one cell of the confusion matrix, and of those predicted correctly. */
const CELL = 36;
const RIGHT = 60;

/** Milliseconds between two updates while it trains. */
const UPDATE = 1_000;

/**
 * @param {object} parts
 * @param {import("./client.js").Client} parts.client
 * @param {ReturnType<typeof import("../lib/pictures.js").createPictures>} parts.pictures
 * @param {import("../components/confusion-matrix.js").ConfusionMatrix} parts.confusion
 * @param {import("../components/per-digit.js").PerDigit} parts.perDigit
 * @param {import("../components/gallery.js").Gallery} parts.mistakes
 * @param {import("../components/gallery.js").Gallery} parts.examples
 * @returns {{update: () => Promise<void>}}
 */
export function createResults({ client, pictures, confusion, perDigit, mistakes, examples }) {
  /** When the test set was evaluated that is on the screen. @type {number | null} */
  let shown = null;
  /** @type {Report | null} */
  let evaluation = null;
  /** @param {Reading[]} readings */
  const picturesOf = (readings) => pictures.get("test", readings.map(({ index }) => index));

  /** Show the figures anew; a network that was never tested has none. */
  const updateFigures = coalesce(async () => {
    const progress = page.progress.value;
    shown = progress?.tested_at ?? null;
    evaluation = progress && progress.test_accuracy !== null ? await client.session.evaluation() : null;
    confusion.update(evaluation);
    await yieldToEventLoop();
    perDigit.update(evaluation, progress);
  });

  /** Show figures and digits anew. */
  const update = coalesce(async () => {
    await updateFigures();
    if (!evaluation) {
      await Promise.all([mistakes, examples].map((gallery) => gallery.update([], new Uint8Array(), page.classNames.value, "")));
      return;
    }
    const { count, mistake_count: wrong, mistakes: worst } = evaluation;
    const some = wrong > worst.length ? `, here the ${worst.length} with the highest confidence` : "";
    const mistaken = wrong ? `${integer(wrong)} of ${integer(count)} test images predicted wrongly${some}: actual → predicted.` : `All ${integer(count)} test images were predicted correctly.`;
    await mistakes.update(worst, await picturesOf(worst), page.classNames.value, mistaken);
    const right = /** @type {Reading[]} */ (await client.session.examples(RIGHT));
    await examples.update(right, await picturesOf(right), page.classNames.value, right.length ? "Test images predicted correctly, each with its confidence." : "No test image was predicted correctly.");
  });

  on(confusion, "cell", async ({ row, column }) => {
    try {
      const { indices } = await client.session.cell(row, column, CELL);
      confusion.showCell(row, column, indices, await pictures.get("test", indices));
    } catch (error) {
      showError(error);
    }
  });
  on(confusion, "svg", () => downloadSvg("digitnet-confusion.svg", confusion.svg()));
  on(confusion, "png", () => downloadSvgAsPng("digitnet-confusion.png", confusion.svg()).catch(showError));

  /** While it trains, digits that nobody looks at are not worth the time. */
  const updateSoon = throttle(() => (mistakes.visible || examples.visible ? update() : updateFigures()), UPDATE, showError);
  follow(() => {
    const progress = page.progress.value;
    if (page.state.value === "training" && progress?.tested_at != null && progress.tested_at !== shown) updateSoon();
  });

  return { update };
}
