/** What screen readers are told, besides what stands where they read: one live region, in which sentences follow each other. */

import { element } from "../lib/dom.js";

/** Sentences that are kept: each is read when it comes, and only then. */
const KEPT = 5;

export class Announcer {
  /** @param {HTMLElement} root  a polite live region */
  constructor(root) {
    this.root = root;
  }

  /** @param {string} sentence  an empty one says nothing */
  say(sentence) {
    if (!sentence) return;
    this.root.append(element("p", {}, sentence));
    if (this.root.children.length > KEPT) this.root.firstElementChild?.remove();
  }
}
