/** Which experiments have been done, what they showed and what was expected, in the browser's own storage. */

import { read, write } from "../lib/site-store.js";

const KEY = "experiments";
const VERSION = 1;

/** @typedef {import("../lib/claims.js").Experiment} Experiment */
/** @typedef {{state: "new" | "done" | "failed", sentences: string[], answer: number | null}} Result */

/** @type {Result} */
const NONE = { state: "new", sentences: [], answer: null };

/** @param {any} value @returns {value is Result} */
const isResult = (value) => ["new", "done", "failed"].includes(value?.state) && Array.isArray(value.sentences)
  && value.sentences.every((/** @type {unknown} */ text) => typeof text === "string") && (value.answer === null || Number.isInteger(value.answer));

export class Results {
  /** @type {Map<string, Result>} */
  #results = new Map();

  /** @param {Experiment[]} experiments */
  constructor(experiments) {
    this.experiments = experiments;
  }

  /** @param {string} id */
  of(id) {
    return this.#results.get(id) ?? NONE;
  }

  /**
   * @param {string} id
   * @param {"done" | "failed"} state
   * @param {string[]} sentences  what happened
   */
  note(id, state, sentences) {
    this.#results.set(id, { ...this.of(id), state, sentences });
    this.#store();
  }

  /**
   * @param {string} id
   * @param {number | null} answer  what the visitor expects
   */
  answer(id, answer) {
    this.#results.set(id, { ...this.of(id), answer });
    this.#store();
  }

  get doneCount() {
    return this.experiments.filter(({ id }) => this.of(id).state !== "new").length;
  }

  /**
   * The best experiment to do next: one about what went wrong in the last run, else the first that is not done.
   * @param {string} diagnosis  of the last run, or empty
   * @returns {Experiment | null} null when all are done
   */
  next(diagnosis) {
    const open = this.experiments.filter(({ id }) => this.of(id).state === "new");
    return open.find((experiment) => experiment.for?.includes(diagnosis)) ?? open[0] ?? null;
  }

  /** Bring back what was stored; what cannot be read is left alone. */
  async load() {
    try {
      const { version, results } = (await read(KEY)) ?? {};
      if (version !== VERSION) return;
      const entries = Object.entries(/** @type {Record<string, unknown>} */ (results));
      this.#results = new Map(/** @type {[string, Result][]} */ (entries.filter(([, result]) => isResult(result))));
    } catch {
      // without storage it lasts until the page is closed
    }
  }

  #store() {
    write(KEY, { version: VERSION, results: Object.fromEntries(this.#results) }).catch(() => undefined); // as above
  }
}
