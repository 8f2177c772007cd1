/** The experiments: a bundle of its own, which the page fetches while Python starts. */

import { Cards } from "./experiments/cards.js";
import { Dock } from "./experiments/dock.js";
import { createMeasures } from "./experiments/measures.js";
import { Results } from "./experiments/results.js";
import { Runner } from "./experiments/runner.js";
import data from "./lessons/experiments.json";
import { verdict } from "./lib/claims.js";
import { on } from "./lib/events.js";

/**
 * What the page hands over: its parts, and its state, which is not to be bundled a second time.
 * @typedef {object} Context
 * @property {HTMLElement} list  where the cards stand
 * @property {HTMLElement} dock  where the one that runs is shown
 * @property {import("./app/client.js").Client} client
 * @property {import("./app/training.js").Training} training
 * @property {import("./app/settings.js").SettingsController} settings
 * @property {import("./app/runs.js").Runs} runs
 * @property {import("./app/storing.js").Storing} storing
 * @property {import("./components/drawing-pad.js").DrawingPad} pad
 * @property {import("./components/network-view.js").NetworkView} network
 * @property {import("./components/transport.js").Transport} transport
 * @property {(root: HTMLElement) => void} explain  makes the words of the glossary in an element explain themselves
 * @property {typeof import("./app/state.js").page} page
 * @property {typeof import("./app/state.js").isTrained} isTrained
 * @property {typeof import("./app/state.js").showMessage} showMessage
 * @property {typeof import("./app/state.js").showError} showError
 * @property {(news: {running: string, next: {id: string, title: string} | null, doneCount: number, count: number}) => void} tell  is told what runs and what could be next
 */

/** @typedef {import("./lib/claims.js").Experiment} Experiment */

const experiments = /** @type {Experiment[]} */ (/** @type {unknown} */ (data.experiments));
const base = /** @type {Settings} */ (data.base);

/** @param {Context} context */
export async function createExperiments(context) {
  const { training, tell } = context;
  const results = new Results(experiments);
  await results.load();
  const cards = new Cards(context.list, experiments, context.explain);
  const dock = new Dock(context.dock, context.explain);
  const runner = new Runner({ ...context, base, measures: createMeasures(context) });
  /** The diagnosis of the last run. */
  let diagnosis = "";

  function update() {
    for (const experiment of experiments) cards.update(experiment, results.of(experiment.id), runner.running?.id === experiment.id);
    const next = results.next(diagnosis);
    tell({
      running: runner.running?.title ?? "", next: next && { id: next.id, title: next.title },
      doneCount: results.doneCount, count: experiments.length,
    });
  }

  /** @param {Experiment} experiment */
  async function run(experiment) {
    if (runner.running) runner.stop("Another experiment was started.");
    await runner.ended;
    const answer = results.of(experiment.id).answer;
    dock.begin(experiment);
    cards.clear(experiment.id);
    const ending = runner.run(experiment);
    update();
    dock.show();
    const { outcome, stopped } = await ending;
    if (outcome) {
      const isEdited = context.page.code.value === "edited";
      const own = isEdited ? "These runs were trained by your version of the code." : "";
      const sentences = [own, ...outcome.sentences, verdict(experiment, answer, outcome.held)].filter(Boolean);
      results.note(experiment.id, outcome.held ? "done" : "failed", sentences);
      dock.end(experiment, { held: outcome.held, sentences, changed: runner.changed, hasKept: await runner.hasKept(), next: results.next(diagnosis) });
    } else {
      dock.end(experiment, { held: null, sentences: [stopped], changed: runner.changed, hasKept: await runner.hasKept(), next: null });
    }
    update();
  }

  on(cards, "run", run);
  on(cards, "answer", ({ experiment, answer }) => {
    results.answer(experiment.id, answer);
    update();
  });
  on(runner, "run", ({ experiment, index }) => dock.running(experiment, index));
  on(dock, "stop", () => {
    runner.stop("You ended the experiment.");
    training.interrupt(async () => false);
  });
  on(dock, "back", async () => {
    await runner.bringBack();
    dock.close();
  });
  on(dock, "next", (experiment) => {
    dock.close();
    cards.open(experiment.id);
  });
  update();
  return {
    /** Open the card of an experiment; false where there is none. @param {string} id */
    open: (id) => cards.open(id),
    /** @param {string} id  of the diagnosis of the last run */
    diagnosed(id) {
      diagnosis = id;
      update();
      if (!runner.running && !dock.next.hidden) dock.suggest(results.next(diagnosis)); // it comes after the end of a run
    },
  };
}
