/** What the page itself says of steps: which experiments and exercises there are, and which are done. */

import { byTestId } from "../lib/dom.js";
import { Progress } from "../hood/exercise-progress.js";

/** The cards of the experiments, which another part of the page makes. */
const cards = () => /** @type {HTMLElement[]} */ ([...(byTestId("experiments")?.children ?? [])]).filter((card) => card.dataset.id);

/** Experiments by id, with what their cards are called. */
export const experiments = () =>
  new Map(cards().map((card) => [String(card.dataset.id), card.querySelector("h3, h4, summary")?.textContent?.trim() || String(card.dataset.id)]));

/** Experiments that were run to their end, whether or not their claim held. */
const experimentsDone = () =>
  cards().filter(({ dataset }) => dataset.state === "done" || dataset.state === "failed").map(({ dataset }) => `experiment:${dataset.id}`);

/** The exercise that is solved on the screen. */
function exerciseDone() {
  const select = /** @type {HTMLSelectElement | null} */ (byTestId("exercise"));
  return select?.value && byTestId("exercise-state")?.dataset.value === "solved" ? [`exercise:${select.value}`] : [];
}

/** Exercises that were solved in earlier visits. @param {string[]} ids */
export async function exercisesDone(ids) {
  const progress = new Progress();
  await progress.load();
  return ids.filter((id) => progress.of(id).isSolved).map((id) => `exercise:${id}`);
}

/**
 * Be told what is done whenever the page says something new of it.
 * @param {(done: string[]) => void} onDone
 */
export function watchSteps(onDone) {
  const look = () => onDone([...experimentsDone(), ...exerciseDone()]);
  const watch = new MutationObserver(look);
  for (const id of ["experiments", "code"]) {
    const part = byTestId(id);
    if (part) watch.observe(part, { subtree: true, childList: id === "experiments", attributes: true, attributeFilter: ["data-state", "data-value"] });
  }
  look();
}
