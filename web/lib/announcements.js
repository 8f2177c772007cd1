/** What is said of a run for those who do not see its figures change. */

import { integer, percent } from "./format.js";

/**
 * What a stretch of training has come to; nothing where a message says it.
 * @param {Pick<Progress, "state" | "epoch" | "epochs_target" | "step" | "test_accuracy" | "test_images">} progress
 */
export function ended({ state, epoch, epochs_target: target, step, test_accuracy: accuracy, test_images: images }) {
  const tested = accuracy === null ? "" : `: ${percent(accuracy)} of ${integer(images)} test images correct`;
  if (state === "done") return `Done after ${integer(epoch)} ${epoch === 1 ? "epoch" : "epochs"}${tested}.`;
  if (state === "paused") return `Paused in epoch ${integer(epoch + 1)} of ${integer(target)}, after ${integer(step)} ${step === 1 ? "step" : "steps"}.`;
  return "";
}
