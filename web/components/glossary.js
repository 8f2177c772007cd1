/** The words of the field, explained where they stand: each is a button that opens a note beside it. */

import { element } from "../lib/dom.js";
import { pieces } from "../lib/glossary.js";

/** @typedef {import("../lib/glossary.js").Entry} Entry */

/** Pixels between a word and its note, and between the note and the window's edge. */
const GAP = 6;
const EDGE = 8;

/** What holds no words to explain: they are buttons themselves, or belong to a control. */
const LEFT_ALONE = "button, a, label, select, input, textarea, summary, h1, h2, h3";

export class Glossary {
  /** @type {Map<string, HTMLElement>} */
  #notes = new Map();
  /** The word whose note was opened last, and the note. @type {{word: HTMLElement, note: HTMLElement} | null} */
  #last = null;

  /**
   * @param {Entry[]} entries
   * @param {HTMLElement} home  what holds the notes, which are seen above everything: a landmark that is never hidden
   */
  constructor(entries, home) {
    this.entries = entries;
    this.home = home;
    document.addEventListener("scroll", () => this.#follow(), { capture: true, passive: true });
  }

  /**
   * Make the words in an element explain themselves, each where it comes first.
   * @param {HTMLElement} root
   */
  explain = (root) => {
    const seen = new Set();
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) texts.push(/** @type {Text} */ (walker.currentNode));
    for (const text of texts) {
      if (text.parentElement?.closest(LEFT_ALONE)) continue;
      const parts = pieces(text.data, this.entries, seen);
      if (parts.some(({ entry }) => entry)) {
        text.replaceWith(...parts.map((part) => (part.entry ? this.#word(part.text, part.entry) : part.text)));
      }
    }
  };

  /**
   * All words, in a list.
   * @param {HTMLElement} root
   */
  list(root) {
    root.append(...this.entries.map((entry) => element("li", {}, this.#word(entry.term, entry))));
  }

  /**
   * @param {string} text
   * @param {Entry} entry
   */
  #word(text, entry) {
    const note = this.#note(entry);
    const word = element("button", { type: "button", class: "term", popovertarget: note.id }, text);
    word.addEventListener("click", () => { // comes before the note opens
      this.#last = { word, note };
      this.#place(note, word);
    });
    return word;
  }

  /** @param {Entry} entry */
  #note({ term, means }) {
    const known = this.#notes.get(term);
    if (known) return known;
    const id = `word-${term.toLowerCase().replaceAll(" ", "-")}`;
    const note = element("div", { id, class: "term-note", popover: "auto" }, element("b", {}, term), ` ${means}`);
    this.home.append(note);
    this.#notes.set(term, note);
    return note;
  }

  /**
   * Below the word where there is room, else above it.
   * @param {HTMLElement} note
   * @param {HTMLElement} word
   */
  #place(note, word) {
    const { left, top, bottom } = word.getBoundingClientRect();
    const room = document.documentElement.clientWidth; // without the scroll bar
    const width = Math.min(320, room - 2 * EDGE);
    const isLow = bottom > innerHeight * 0.7;
    Object.assign(note.style, {
      width: `${width}px`, left: `${Math.max(EDGE, Math.min(left, room - width - EDGE))}px`,
      top: isLow ? "auto" : `${bottom + GAP}px`, bottom: isLow ? `${innerHeight - top + GAP}px` : "auto",
    });
  }

  /** A note stays with its word, and goes with it. */
  #follow() {
    if (!this.#last?.note.matches(":popover-open")) return;
    const { word, note } = this.#last;
    const { top, bottom } = word.getBoundingClientRect();
    if (bottom < 0 || top > innerHeight) note.hidePopover();
    else this.#place(note, word);
  }
}
