/** The visitor's own data: what is loaded, how far loading is, the names of its classes, and a submission. */

import { element } from "../lib/dom.js";
import { emit } from "../lib/events.js";
import { integer, megabytes } from "../lib/format.js";

/** Emits `cancel`, `submission` and `names` with a list. */
export class OwnData extends EventTarget {
  counts = { train: 0, test: 0, unlabelled: 0 };

  /** @param {HTMLElement} root */
  constructor(root) {
    super();
    this.root = root;
    this.words = element("p", { class: "soft" });
    this.bar = element("progress", { max: 1, value: 0, "aria-label": "Loading your data" });
    this.cancel = element("button", { type: "button" }, "Cancel");
    this.submission = element("button", { type: "button", "data-testid": "submission", disabled: true }, "submission.csv");
    this.names = element("input", { type: "text", "aria-label": "Names of the ten classes, with commas between", placeholder: "T-shirt, trouser, pullover, …" });
    const names = element("label", { class: "names" }, "class names", this.names);
    this.cancel.addEventListener("click", () => emit(this, "cancel"));
    this.submission.addEventListener("click", () => emit(this, "submission"));
    this.names.addEventListener("change", () => emit(this, "names", this.names.value.split(",").map((name) => name.trim())));
    root.append(this.words, this.bar, this.cancel, names, this.submission);
    this.bar.hidden = this.cancel.hidden = true;
  }

  /**
   * @param {string} name  of the file
   * @param {number} loaded  bytes
   * @param {number} total
   * @param {number} rows
   */
  loading(name, loaded, total, rows) {
    this.root.hidden = this.bar.hidden = this.cancel.hidden = false;
    this.bar.value = total ? loaded / total : 0;
    this.words.textContent = `${name}: ${megabytes(loaded)} of ${megabytes(total)} MB${rows ? `, ${integer(rows)} rows` : ""}`;
  }

  /** Loading is over, well or not. */
  idle() {
    this.bar.hidden = this.cancel.hidden = true;
    this.#say();
  }

  /** @param {OwnCounts} counts  of images that are loaded */
  update(counts) {
    this.counts = counts;
    this.submission.disabled = counts.unlabelled === 0;
    this.submission.textContent = counts.unlabelled ? `Download submission.csv (${integer(counts.unlabelled)} rows)` : "submission.csv";
    this.#say();
  }

  #say() {
    const { train, test, unlabelled } = this.counts;
    const parts = [train && `${integer(train)} images to train on`, test && `${integer(test)} to test`, unlabelled && `${integer(unlabelled)} to read`].filter(Boolean);
    this.root.hidden = parts.length === 0;
    this.words.textContent = `Your own data: ${parts.join(", ")}.`;
  }
}
