/** How far the visitor has come with the exercises, and his texts of them, in the browser's own storage. */

import { read, write } from "../lib/site-store.js";

const KEY = "exercises";
const VERSION = 1;

/** @typedef {{isSolved: boolean, hints: number, hasSeenSolution: boolean}} Mark  hints: how many of them were shown */
/** @typedef {{text: string, base: string}} Attempt  a text of the exercise's file, and the hash of the start that it was made from */
/** @typedef {{id: string, file: string, before: string | null}} Active  the exercise in the editor, and what stood in its file before; null for the original */

/** @type {Mark} */
const NONE = { isSolved: false, hints: 0, hasSeenSolution: false };

export class Progress {
  /** @type {Map<string, Mark>} */
  #marks = new Map();
  /** @type {Map<string, Attempt>} */
  #attempts = new Map();
  /** @type {Active | null} */
  active = null;

  /** @param {string} id */
  of(id) {
    return this.#marks.get(id) ?? NONE;
  }

  /**
   * @param {string} id
   * @param {Partial<Mark>} news  what was reached before is not taken back
   */
  note(id, { isSolved = false, hints = 0, hasSeenSolution = false }) {
    const mark = this.of(id);
    this.#marks.set(id, {
      isSolved: mark.isSolved || isSolved,
      hints: Math.max(mark.hints, hints),
      hasSeenSolution: mark.hasSeenSolution || hasSeenSolution,
    });
  }

  /** @param {string} id */
  attempt(id) {
    return this.#attempts.get(id);
  }

  /**
   * @param {string} id
   * @param {Attempt | null} attempt  null to forget it
   */
  keep(id, attempt) {
    if (attempt) this.#attempts.set(id, attempt);
    else this.#attempts.delete(id);
  }

  /** @param {{id: string}[]} exercises */
  summary(exercises) {
    return `${exercises.filter(({ id }) => this.of(id).isSolved).length} of ${exercises.length} solved`;
  }

  /**
   * The next exercise that is not solved, after this one and then from the beginning; undefined when all are.
   * @template {{id: string}} T
   * @param {T[]} exercises
   * @param {string} id
   */
  next(exercises, id) {
    const at = exercises.findIndex((exercise) => exercise.id === id);
    return [...exercises.slice(at + 1), ...exercises.slice(0, at + 1)].find((exercise) => !this.of(exercise.id).isSolved);
  }

  /** Bring back what was stored; what cannot be read is left alone. */
  async load() {
    try {
      const { version, marks, attempts, active } = (await read(KEY)) ?? {};
      if (version !== VERSION) return;
      this.#marks = new Map(Object.entries(marks));
      this.#attempts = new Map(Object.entries(attempts));
      this.active = active;
    } catch {
      // without storage it lasts until the page is closed
    }
  }

  async store() {
    try {
      await write(KEY, {
        version: VERSION, marks: Object.fromEntries(this.#marks), attempts: Object.fromEntries(this.#attempts), active: this.active,
      });
    } catch {
      // as above
    }
  }
}
