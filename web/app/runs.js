/** The runs of this visit: the one under way, and earlier ones to compare it with. */

import { downloadPng, download } from "../lib/download.js";
import { on } from "../lib/events.js";
import { Run, runsCsv } from "../lib/history.js";
import { throttle } from "../lib/pace.js";
import { follow, page, showError } from "./state.js";

/** Runs kept behind the current curve. */
const RUNS = 6;
/** Milliseconds between two drawings of the curves while it trains. */
const DRAW = 100;

/**
 * @param {object} parts
 * @param {import("./training.js").Training} parts.training
 * @param {import("../components/curves.js").Curves} parts.curves
 * @param {import("../components/runs-table.js").RunsTable} parts.runsTable
 */
export function createRuns({ training, curves, runsTable }) {
  /** @type {Run | null} */
  let run = null;
  /** @type {Run[]} */
  let earlier = [];

  /** @param {Settings} settings */
  function begin(settings) {
    if (run?.started) earlier = [run, ...earlier].slice(0, RUNS);
    run = new Run(settings);
  }

  function draw() {
    if (!run) return;
    curves.update(run, earlier.filter(({ shown }) => shown));
    runsTable.update([run, ...earlier]);
  }
  const drawSoon = throttle(draw, DRAW, showError);

  on(training, "begin", begin);
  on(training, "change", () => run && page.settings.value && (run.settings = page.settings.value));
  on(training, "progress", (progress) => run?.add(progress));
  follow(() => {
    page.progress.value;
    if (page.state.value === "training") drawSoon();
    else draw();
  });

  on(runsTable, "change", ({ run: changed, removed }) => {
    if (removed) earlier = earlier.filter((other) => other !== changed);
    if (removed && changed === run && page.settings.value) run = new Run(page.settings.value);
    draw();
  });
  on(runsTable, "csv", () => run && download("digitnet-runs.csv", new Blob([runsCsv([run, ...earlier])], { type: "text/csv" })));
  on(runsTable, "png", () => downloadPng("digitnet-curves.png", curves.png()));
}
