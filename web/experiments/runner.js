/** Runs an experiment: trains its runs one after the other, as the visitor could, and compares them. */

import { allFigures, figuresOf, outcome } from "../lib/claims.js";
import { marksOf } from "../lib/curve-marks.js";
import { emit, on } from "../lib/events.js";
import { keepForLater, keptForLater } from "../lib/store.js";

/** @typedef {import("../lib/claims.js").Experiment} Experiment */
/** @typedef {import("../lib/claims.js").PlannedRun} PlannedRun */
/** @typedef {import("../lib/history.js").RunRecord} RunRecord */
/** @typedef {{outcome: import("../lib/claims.js").Outcome | null, stopped: string}} Ending  outcome: null where it was stopped */

/** Ends an experiment before its runs are done; the message is for the visitor. */
class Stopped extends Error {}

/** Emits `run` with {experiment, index} when a run begins. */
export class Runner extends EventTarget {
  /** The experiment that is running. @type {Experiment | null} */
  running = null;
  /** Settles when no experiment is running. @type {Promise<unknown>} */
  ended = Promise.resolve();
  /** What the last experiment has changed on the page. */
  changed = "";
  /** Ends the wait for the run under way. @type {(reason: Error) => void} */
  #abort = () => {};
  /** Whether a change of settings is the experiment's own. */
  #isOwn = false;
  /** The network that experiments have taken the place of. @type {import("../lib/store.js").Stored | null} */
  #kept = null;

  /** @param {import("../experiments.js").Context & {base: Settings, measures: ReturnType<typeof import("./measures.js").createMeasures>}} context */
  constructor(context) {
    super();
    this.context = context;
    const { training, transport, client } = context;
    for (const type of ["train", "step", "reset"]) on(transport, type, () => {
      this.stop("You took over: the experiment has ended.");
      context.runs.mark([]);
    });
    on(training, "begin", () => this.#interfere("A new network was begun: the experiment has ended."));
    on(training, "change", () => this.#interfere("Settings were changed in mid-run: the experiment has ended, the run goes on."));
    on(training, "code", () => this.#interfere("The code was changed in mid-run: the experiment has ended, the run goes on."));
    on(client, "lost", () => this.stop("Python was lost: the experiment has ended."));
  }

  /** @param {string} reason */
  #interfere(reason) {
    if (!this.#isOwn) this.stop(reason);
  }

  /**
   * End the experiment under way; what it has trained stays.
   * @param {string} reason  for the visitor
   */
  stop(reason) {
    this.#abort(new Stopped(reason));
  }

  /**
   * Train the runs of an experiment.
   * @param {Experiment} experiment
   * @returns {Promise<Ending>}
   */
  run(experiment) {
    this.running = experiment;
    const ending = this.#run(experiment).finally(() => (this.running = null));
    this.ended = ending;
    return ending;
  }

  /**
   * @param {Experiment} experiment
   * @returns {Promise<Ending>}
   */
  async #run(experiment) {
    const { promise: aborted, reject } = Promise.withResolvers();
    aborted.catch(() => undefined); // it may come when nobody waits any more
    let isStopped = false;
    this.#abort = (reason) => {
      isStopped = true;
      reject(reason);
    };
    this.changed = "";
    this.context.runs.mark([]);
    /** @type {Record<string, RunRecord>} */
    const records = {};
    /** @type {Record<string, Record<string, number | string | null>>} */
    const figures = {};
    try {
      await this.#keepNetwork();
      for (const [index, run] of experiment.runs.entries()) {
        if (isStopped) await aborted;
        emit(this, "run", { experiment, index });
        const over = Promise.withResolvers();
        const onEnd = () => over.resolve(null);
        this.context.training.addEventListener("end", onEnd);
        try {
          await Promise.race([this.#start(experiment, run, Object.values(records)), aborted]);
          await Promise.race([over.promise, aborted]);
        } finally {
          this.context.training.removeEventListener("end", onEnd);
        }
        const record = /** @type {RunRecord} */ (this.context.runs.current);
        if (record.last?.state === "paused") throw new Stopped("The run was paused: the experiment has ended.");
        if (record.last?.state === "failed") throw new Stopped("The code that trains has failed: the experiment has ended.");
        records[run.name] = record;
        figures[run.name] = { ...figuresOf(record), ...(await Promise.race([this.#measure(experiment, run), aborted])) };
        this.context.runs.mark(marksOf(experiment.marks, records));
      }
      return { outcome: outcome(experiment, allFigures(experiment, figures)), stopped: "" };
    } catch (error) {
      if (!(error instanceof Stopped)) this.context.showError(error);
      const reason = error instanceof Stopped ? error.message : "The experiment has ended because of an error.";
      return { outcome: null, stopped: reason };
    } finally {
      this.#abort = () => {};
    }
  }

  /** Set a network of the visitor's aside: one that has learned and is none of an experiment. */
  #keepNetwork() {
    const { training, storing, runs, isTrained } = this.context;
    return training.interrupt(async () => {
      this.#kept ??= await keptForLater();
      if (isTrained.value && !runs.current?.experiment) {
        this.#kept = await storing.snapshot();
        await keepForLater(this.#kept);
      }
      return false;
    });
  }

  /**
   * Set the page up for a run and begin it.
   * @param {Experiment} experiment
   * @param {PlannedRun} run
   * @param {RunRecord[]} others  the runs before it
   */
  #start(experiment, run, others) {
    const { training, settings, runs, page, base, showMessage } = this.context;
    return this.#inTurn(async () => {
      if (this.running !== experiment) return;
      this.#isOwn = true;
      try {
        if (run.kernel && run.kernel !== page.kernel.value) await settings.setKernel(run.kernel);
        await settings.change({ ...base, ...run.settings });
        this.changed = `The page stays as the last run has set it up${run.kernel ? `, multiplication included (${run.title})` : ""}. Curves of other runs are hidden: the tab Runs shows them again.`;
        runs.assign(experiment.id, run.title, others);
        showMessage("");
        await training.prepare();
        if (this.running === experiment) training.start();
      } finally {
        this.#isOwn = false;
      }
    });
  }

  /**
   * @param {Experiment} experiment
   * @param {PlannedRun} run
   */
  async #measure(experiment, { measure = [] }) {
    const measured = {};
    await this.#inTurn(async () => {
      for (const name of measure) Object.assign(measured, await this.context.measures[name](experiment));
    });
    return measured;
  }

  /**
   * Do something in the page's queue, and throw what it throws.
   * @param {() => Promise<void>} task
   */
  async #inTurn(task) {
    let failure = /** @type {unknown} */ (null);
    await this.context.training.enqueue(() => task().catch((error) => (failure = error)));
    if (failure) throw failure;
  }

  /** Whether there is a network to go back to. */
  async hasKept() {
    this.#kept ??= await keptForLater();
    return this.#kept !== null;
  }

  /** Bring the visitor's own network back. */
  async bringBack() {
    const { training, storing, settings, runs, showMessage } = this.context;
    await training.interrupt(async () => {
      const kept = this.#kept ?? (await keptForLater());
      if (!kept) return false;
      runs.mark([]);
      showMessage(await storing.restore(kept, "Your network from before the experiments is back."));
      settings.updateAddress();
      this.#kept = null;
      await keepForLater(null);
      await training.refresh();
      return false;
    });
  }
}
