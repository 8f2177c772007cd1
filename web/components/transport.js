/** Reset, train, step, and the meters beside them. */

import { byTestId, show } from "../lib/dom.js";
import { emit } from "../lib/events.js";
import { integer } from "../lib/format.js";

/** Emits `train`, `step` and `reset`. */
export class Transport extends EventTarget {
  constructor() {
    super();
    this.train = /** @type {HTMLButtonElement} */ (byTestId("train"));
    this.step = /** @type {HTMLButtonElement} */ (byTestId("step"));
    this.reset = /** @type {HTMLButtonElement} */ (byTestId("reset"));
    this.word = /** @type {HTMLElement} */ (this.train.querySelector(".go-text"));
    this.epoch = byTestId("epoch");
    this.speed = byTestId("samples-per-second");
    this.train.addEventListener("click", () => emit(this, "train"));
    this.step.addEventListener("click", () => emit(this, "step"));
    this.reset.addEventListener("click", () => emit(this, "reset"));
  }

  /**
   * @param {string} state  of the page
   * @param {Settings | null} settings
   */
  setState(state, settings) {
    const usable = state !== "loading" && state !== "error";
    this.train.disabled = this.reset.disabled = this.step.disabled = !usable;
    const word = state === "training" ? "Pause" : state === "paused" ? "Resume" : state === "done" ? "Continue" : "Train";
    const more = state === "done" && settings ? ` (${integer(settings.epochs)} more ${settings.epochs === 1 ? "epoch" : "epochs"})` : "";
    this.word.textContent = word;
    this.train.setAttribute("aria-label", word + more);
    this.train.title = word + more;
  }

  /** @param {Progress} progress */
  update(progress) {
    show(this.epoch, integer(progress.epoch), progress.epoch);
    const speed = progress.samples_per_second;
    show(this.speed, speed > 0 ? integer(speed) : "–", speed > 0 ? speed : null);
  }
}
