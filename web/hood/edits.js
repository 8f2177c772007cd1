/** What the visitor has typed into the lesson's files, apart from what runs, and in the browser's own storage. */

import { read, write } from "../lib/site-store.js";

const KEY = "code";
const VERSION = 1;

/** @typedef {{text: string, base: string}} Edit  the text, and the hash of the original that it was made from */

/**
 * A short hash of a text, to tell whether an original has changed.
 * @param {string} text
 */
export function hashOf(text) {
  let hash = 0x811c9dc5; // FNV-1a, 32 bits
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}

export class Edits {
  /** What is typed, by file, where it is not the original. @type {Map<string, Edit>} */
  #typed = new Map();
  /** What runs, likewise. @type {Map<string, string>} */
  #applied = new Map();

  /** @param {Map<string, string>} originals  by file */
  constructor(originals) {
    this.originals = originals;
  }

  /** @param {string} file */
  original(file) {
    return this.originals.get(file) ?? "";
  }

  /** @param {string} file */
  text(file) {
    return this.#typed.get(file)?.text ?? this.original(file);
  }

  /**
   * @param {string} file
   * @param {string} text
   */
  type(file, text) {
    if (text === this.original(file)) this.#typed.delete(file);
    else this.#typed.set(file, { text, base: this.#typed.get(file)?.base ?? hashOf(this.original(file)) });
  }

  /** The typed files whose original is another one now than when they were typed. */
  get outdated() {
    return [...this.#typed].filter(([file, { base }]) => base !== hashOf(this.original(file))).map(([file]) => file);
  }

  /** The visitor keeps his text of a file although its original has changed. @param {string} file */
  keep(file) {
    const edit = this.#typed.get(file);
    if (edit) edit.base = hashOf(this.original(file));
  }

  /** What is typed, as plain texts by file. */
  get typed() {
    return Object.fromEntries([...this.#typed].map(([file, { text }]) => [file, text]));
  }

  /** @param {Record<string, string>} edits  what runs now */
  apply(edits) {
    this.#applied = new Map(Object.entries(edits));
  }

  /** Whether what is typed differs from what runs. */
  get isPending() {
    const files = new Set([...this.#typed.keys(), ...this.#applied.keys()]);
    return [...files].some((file) => this.text(file) !== (this.#applied.get(file) ?? this.original(file)));
  }

  /** Whether anything but the originals runs. */
  get isApplied() {
    return this.#applied.size > 0;
  }

  /** Bring back what was typed in an earlier visit; what cannot be read is left alone. */
  async load() {
    try {
      const { version, edits } = (await read(KEY)) ?? {};
      if (version !== VERSION) return;
      for (const [file, { text, base }] of Object.entries(/** @type {Record<string, Edit>} */ (edits))) {
        if (this.originals.has(file) && typeof text === "string" && text !== this.original(file)) this.#typed.set(file, { text, base: String(base) });
      }
    } catch {
      // without storage they last until the page is closed
    }
  }

  async store() {
    try {
      await write(KEY, { version: VERSION, edits: Object.fromEntries(this.#typed) });
    } catch {
      // as above
    }
  }
}
