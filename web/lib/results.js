/** What the test set says about the network, brought from the session to the views that show it. */

import { downloadPng, downloadSvg } from "./download.js";
import { on } from "./events.js";
import { integer } from "./format.js";
import { breathe, newest } from "./pace.js";

/** Digits shown of one cell of the confusion matrix, and of those read right. */
const CELL = 36;
const RIGHT = 60;

/**
 * @param {object} page
 * @param {(method: string, ...args: unknown[]) => Promise<any>} page.ask  the session
 * @param {ReturnType<typeof import("./pictures.js").pictures>} page.digits
 * @param {{progress: Progress | null, names: string[]}} page.known
 * @param {(error: unknown) => void} page.complain
 * @param {import("../components/confusion-matrix.js").ConfusionMatrix} page.confusion
 * @param {import("../components/per-digit.js").PerDigit} page.perDigit
 * @param {import("../components/gallery.js").Gallery} page.mistakes
 * @param {import("../components/gallery.js").Gallery} page.examples
 */
export function results({ ask, digits, known, complain, confusion, perDigit, mistakes, examples }) {
  /** When the test set was evaluated that is on the screen. @type {number | null} */
  let shown = null;
  /** @type {Evaluation | null} */
  let evaluation = null;
  /** @param {Reading[]} readings */
  const picturesOf = (readings) => digits.get("test", readings.map(({ index }) => index));

  /** Show the figures anew; a network that was never tested has none. */
  const updateFigures = newest(async () => {
    const { progress } = known;
    shown = progress?.tested_at ?? null;
    evaluation = progress && progress.test_accuracy !== null ? await ask("evaluation") : null;
    confusion.update(evaluation);
    await breathe();
    perDigit.update(evaluation, progress);
  });

  /** Show figures and digits anew. */
  const update = newest(async () => {
    await updateFigures();
    if (!evaluation) {
      await Promise.all([mistakes, examples].map((gallery) => gallery.update([], new Uint8Array(), known.names, "")));
      return;
    }
    const { count, mistake_count: wrong, mistakes: worst } = evaluation;
    const some = wrong > worst.length ? `; the ${worst.length} it was surest of` : "";
    await mistakes.update(worst, await picturesOf(worst), known.names, `${integer(wrong)} of ${integer(count)} read wrong${some}: is → read as.`);
    const right = /** @type {Reading[]} */ (await ask("examples", RIGHT));
    await examples.update(right, await picturesOf(right), known.names, "Test digits that it reads right. Below each: how sure it is.");
  });

  on(confusion, "cell", async ({ row, column }) => {
    try {
      const { indices } = await ask("cell", row, column, CELL);
      confusion.showCell(row, column, indices, await digits.get("test", indices));
    } catch (error) {
      complain(error);
    }
  });
  on(confusion, "svg", () => downloadSvg("digitnet-confusion.svg", confusion.svg()));
  on(confusion, "png", async () => {
    const image = new Image();
    image.src = `data:image/svg+xml,${encodeURIComponent(confusion.svg())}`;
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [2 * image.width, 2 * image.height];
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    downloadPng("digitnet-confusion.png", canvas);
  });

  return {
    update,
    /** While it trains, digits that nobody looks at are not worth the time. */
    updateWhileTraining: () => (mistakes.visible || examples.visible ? update() : updateFigures()),
    /** Whether the test set has been evaluated since it was shown. */
    isStale: () => known.progress?.tested_at !== shown,
  };
}
