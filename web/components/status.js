/** The strip under the controls: one progress bar, the stage, and the current error or notice. */

import { byId } from "../lib/dom.js";
import { emit } from "../lib/events.js";
import { duration, megabytes } from "../lib/format.js";

/** Emits `retry`. */
export class Status extends EventTarget {
  constructor() {
    super();
    this.fill = byId("fill");
    this.stage = byId("stage");
    this.message = byId("message");
    this.retry = /** @type {HTMLButtonElement} */ (byId("retry"));
    this.details = /** @type {HTMLDetailsElement} */ (byId("details"));
    this.traceback = /** @type {HTMLElement} */ (this.details.querySelector("pre"));
    this.retry.addEventListener("click", () => emit(this, "retry"));
  }

  /** @param {Stage} stage  of starting or loading, in bytes */
  loading({ stage, loaded, total, share = total > 0 ? loaded / total : 0, silent }) {
    const bytes = total > 0 ? `${stage} ${megabytes(loaded)} of ${megabytes(total)} MB` : stage;
    this.stage.textContent = silent ? `${bytes}; nothing arrives` : bytes;
    this.#progress(share);
  }

  /** @param {number} fraction  how far the network has learned the visitor's drawings */
  teaching(fraction) {
    this.stage.textContent = "Learning your drawings";
    this.#progress(fraction);
  }

  /**
   * @param {Progress} progress
   * @param {string} state  of the page
   */
  update(progress, state) {
    const words = {
      loading: "",
      error: "",
      ready: "Ready",
      training: `In epoch ${progress.epoch + 1} of ${progress.epochs_target}`,
      paused: `Paused in epoch ${progress.epoch + 1} of ${progress.epochs_target}`,
      done: `Done: ${progress.epoch} ${progress.epoch === 1 ? "epoch" : "epochs"} in ${duration(progress.seconds)}`,
    }[state];
    if (words !== undefined && this.stage.textContent !== words) this.stage.textContent = words;
    this.#progress(progress.fraction);
  }

  /** @param {import("../app/state.js").Message} message  an empty text takes the last one away */
  show({ text, isError, canRetry, traceback }) {
    this.message.textContent = text;
    this.message.classList.toggle("bad", isError);
    this.retry.hidden = !canRetry;
    this.details.hidden = !traceback;
    this.details.open = false;
    this.traceback.textContent = traceback;
  }

  /** @param {number} share */
  #progress(share) {
    this.fill.style.transform = `scaleX(${share})`;
    this.fill.setAttribute("aria-valuenow", String(Math.round(share * 100)));
  }
}
