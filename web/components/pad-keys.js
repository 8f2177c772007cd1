/** Drawing by keyboard: keys move a point on the pad, put the pen down there, and lift it. */

import { SIDE } from "../lib/digits.js";
import { isMove, moved, placeInWords } from "../lib/pen-keys.js";
import { emit } from "../lib/events.js";

/** Steps as shares of the pad: one of the pixels that the network gets, and with Shift a quarter of it. */
const STEP = 1 / SIDE;
const FINE = STEP / 4;
/** Milliseconds that the point rests before its place is said. */
const REST = 600;

/** Emits `say` with a sentence for screen readers. */
export class PadKeys extends EventTarget {
  #point = [0.5, 0.5];
  /** Keys that are held down together. @type {Set<string>} */
  #held = new Set();
  #isDown = false;
  #timer = 0;

  /** @param {import("./drawing-pad.js").DrawingPad} pad */
  constructor(pad) {
    super();
    this.pad = pad;
    const { canvas } = pad;
    canvas.addEventListener("keydown", (event) => this.#key(event));
    canvas.addEventListener("keyup", (event) => this.#held.delete(event.key));
    canvas.addEventListener("focus", () => canvas.matches(":focus-visible") && this.#show());
    canvas.addEventListener("blur", () => this.#leave());
    canvas.addEventListener("pointerdown", () => this.#leave());
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { key } = event;
    if (isMove(key)) this.#move(event);
    else if (key === " " || key === "Enter") !event.repeat && this.#toggle();
    else if (key === "Escape" && this.#isDown) this.#lift();
    else if (key === "Backspace") this.#edit("undo");
    else if (key === "Delete") this.#edit("clear");
    else return;
    event.preventDefault();
  }

  /** @param {KeyboardEvent} event */
  #move({ key, shiftKey }) {
    this.#held.add(key);
    this.#point = moved(this.#point, this.#held, shiftKey ? FINE : STEP);
    if (this.#isDown) this.pad.penTo(this.#point);
    this.#show();
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#say(""), REST);
  }

  #toggle() {
    if (this.#isDown) return this.#lift();
    this.#isDown = true;
    this.pad.canvas.dataset.drawn = ""; // the hint has been understood, and covers the answer
    this.pad.penDown(this.#point);
    this.#show();
    this.#say("Pen down: ");
  }

  #lift() {
    this.#isDown = false;
    this.pad.penUp();
    this.#show();
    this.#say("Pen lifted: ");
  }

  /** @param {"undo" | "clear"} what */
  #edit(what) {
    if (this.#isDown) this.#lift();
    this.pad[what]();
  }

  /** The pad loses the focus, or another pen comes. */
  #leave() {
    clearTimeout(this.#timer);
    this.#held.clear();
    if (this.#isDown) this.pad.penUp();
    this.#isDown = false;
    delete this.pad.canvas.dataset.drawn;
    this.pad.showPoint(null);
  }

  #show() {
    this.pad.showPoint({ at: this.#point, isDown: this.#isDown });
  }

  /** @param {string} before  what has just happened */
  #say(before) {
    clearTimeout(this.#timer);
    emit(this, "say", `${before}${placeInWords(this.#point, SIDE)}.`);
  }
}
