/** What a visitor has done of each lesson and what he has answered, in the browser's own storage. */

import { read, write } from "../lib/site-store.js";

const KEY = "lessons";
const VERSION = 1;
/** Lessons that are remembered. */
const MOST = 20;

/** @typedef {{title: string, done: string[], answers: Record<string, string>}} Entry  done: steps; answers: by question, or by step for notes */

/** @param {any} entry */
const isEntry = (entry) => typeof entry?.title === "string" && Array.isArray(entry.done) && typeof entry.answers === "object" && entry.answers !== null;

export class LessonProgress {
  /** Newest first. @type {Entry[]} */
  #entries = [];

  /**
   * What is known of a lesson, made where nothing is.
   * @param {string} title
   */
  of(title) {
    const known = this.#entries.find((entry) => entry.title === title) ?? { title, done: [], answers: {} };
    this.#entries = [known, ...this.#entries.filter((entry) => entry !== known)].slice(0, MOST);
    return known;
  }

  /** Bring back what was stored; what cannot be read is left alone. */
  async load() {
    try {
      const { version, lessons } = (await read(KEY)) ?? {};
      if (version === VERSION && Array.isArray(lessons)) this.#entries = lessons.filter(isEntry);
    } catch {
      // without storage it lasts until the page is closed
    }
  }

  async store() {
    try {
      await write(KEY, { version: VERSION, lessons: this.#entries });
    } catch {
      // as above
    }
  }
}
