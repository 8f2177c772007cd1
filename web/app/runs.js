/** The runs: the one under way, and earlier ones to compare it with, of this visit and of those before. */

import { download, downloadSvg, downloadSvgAsPng } from "../lib/download.js";
import { on } from "../lib/events.js";
import { RunRecord } from "../lib/history.js";
import { throttle } from "../lib/pace.js";
import { storedRuns, storeRuns } from "../lib/run-store.js";
import { runsCsv } from "../lib/runs-csv.js";
import { follow, page, showError } from "./state.js";

/** Runs kept behind the current curve. */
const RUNS = 6;
/** Milliseconds between two drawings of the curves while it trains. */
const DRAW = 100;

export class Runs {
  /** @type {RunRecord | null} */
  #run = null;
  /** @type {RunRecord[]} */
  #earlier = [];
  /** The runs of earlier visits are here. @type {Promise<void>} */
  #loaded;

  /**
   * @param {object} parts
   * @param {import("./training.js").Training} parts.training
   * @param {import("../components/curves.js").Curves} parts.curves
   * @param {import("../components/runs-table.js").RunsTable} parts.runsTable
   */
  constructor({ training, curves, runsTable }) {
    this.curves = curves;
    this.runsTable = runsTable;
    this.#loaded = storedRuns().then((runs) => this.#add(runs));
    const drawSoon = throttle(() => this.#draw(), DRAW, showError);

    on(training, "begin", (settings) => this.#begin(settings));
    on(training, "change", ({ changes }) => this.#run?.change(changes));
    on(training, "progress", (progress) => this.#run?.add(progress));
    on(training, "code", (code) => this.#continue(code));
    on(training, "end", () => this.#store());
    follow(() => {
      const { value: progress } = page.progress;
      if (progress && this.#run && !this.#run.last) this.#run.add(progress); // a network that was loaded has been tested
      if (page.state.value === "training") drawSoon();
      else this.#draw();
    });

    on(runsTable, "change", ({ run, removed }) => {
      if (removed) this.#earlier = this.#earlier.filter((other) => other !== run);
      if (removed && run === this.#run && page.settings.value) this.#run = new RunRecord(page.settings.value, this.#nextId());
      this.#draw();
      this.#store();
    });
    on(runsTable, "csv", () => download("digitnet-runs.csv", new Blob([runsCsv(this.all)], { type: "text/csv" })));
    on(runsTable, "svg", () => downloadSvg("digitnet-curves.svg", curves.svg()));
    on(runsTable, "png", () => downloadSvgAsPng("digitnet-curves.png", curves.svg()).catch(showError));
  }

  /** All runs, the current one first. */
  get all() {
    return this.#run ? [this.#run, ...this.#earlier] : this.#earlier;
  }

  #nextId() {
    return Math.max(0, ...this.all.map(({ id }) => id)) + 1;
  }

  /** @param {Settings} settings */
  #begin(settings) {
    const code = page.code.value;
    if (this.#run?.started) this.#earlier = [this.#run, ...this.#earlier].slice(0, RUNS);
    const id = this.#run?.started === false ? this.#run.id : this.#nextId();
    this.#run = new RunRecord(settings, id);
    this.#run.code = code;
    this.#store();
  }

  /**
   * Other code trains from here on: the curve so far stays, to compare with.
   * @param {"original" | "edited"} code
   */
  #continue(code) {
    const before = this.#run;
    if (!before) return;
    if (before.started) this.#earlier = [before, ...this.#earlier].slice(0, RUNS);
    this.#run = before.continued(code, before.started ? this.#nextId() : before.id);
    this.#store();
    this.#draw();
  }

  /** @param {RunRecord[]} runs  of earlier visits */
  #add(runs) {
    this.#earlier = [...this.#earlier, ...runs].slice(0, RUNS);
    if (this.#run && runs.some(({ id }) => id === this.#run?.id)) this.#run.id = this.#nextId();
    this.#draw();
  }

  /** The run under way; null before there is one. */
  get current() {
    return this.#run;
  }

  /**
   * The current run is one of an experiment: name it, and show no others than those of this experiment.
   * @param {string} experiment  its id
   * @param {string} name
   * @param {RunRecord[]} others  its runs so far
   */
  assign(experiment, name, others) {
    if (!this.#run) return;
    Object.assign(this.#run, { experiment, name, shown: true });
    for (const run of this.#earlier) run.shown = others.includes(run);
    this.#draw();
  }

  /** @param {import("../lib/curve-marks.js").Mark[]} marks  what to look at on the curves */
  mark(marks) {
    this.curves.setMarks(marks);
  }

  /** The settings of the current run and their changes; null before there is one. */
  get course() {
    return this.#run?.course ?? null;
  }

  /** The current run as plain data, to be stored with its network; null before there is anything to it. */
  snapshot() {
    return this.#run?.started ? this.#run.toPlain() : null;
  }

  /**
   * The network of a run has been brought back: the run goes on with it.
   * @param {unknown} snapshot
   */
  async resume(snapshot) {
    await this.#loaded;
    const record = RunRecord.fromPlain(snapshot);
    if (!record) return;
    record.resume();
    this.#earlier = this.#earlier.filter(({ id }) => id !== record.id);
    this.#run = record;
    this.#draw();
  }

  #store() {
    this.#loaded.then(() => storeRuns(this.all)).catch(showError);
  }

  #draw() {
    if (!this.#run) return;
    this.curves.update(this.#run, this.#earlier.filter(({ shown }) => shown));
    this.runsTable.update(this.all);
  }
}
