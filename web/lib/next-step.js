/** The suggested next step, at any time. */

/** @typedef {{running: string, next: {id: string, title: string} | null, doneCount: number, count: number}} Experiments  running: the title of the one that runs, or empty */

/**
 * @param {object} at
 * @param {import("../app/state.js").PageState} at.state
 * @param {boolean} at.isTrained
 * @param {Experiments | null} at.experiments  null while they are not here
 * @returns {{text: string, experiment: {id: string, title: string} | null}} experiment: the one that it leads to
 */
export function nextStep({ state, isTrained, experiments }) {
  const say = (/** @type {string} */ text) => ({ text, experiment: null });
  if (state === "loading") return say("Draw a digit while Python loads.");
  if (state === "error") return say("Press Retry.");
  if (experiments?.running) return say(`Watch the curves: ${experiments.running}.`);
  if (state === "training") return say("Watch the curves, and draw a digit while it learns.");
  if (!isTrained) return say("Press Train.");
  if (state === "paused") return say("Press Resume to train on.");
  if (experiments?.next) return { text: "Experiment:", experiment: experiments.next };
  if (experiments) return say("You have done all experiments. Press Code to read and change what trains.");
  return say("Draw a digit of your own.");
}
