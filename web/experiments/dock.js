/** The experiment that runs, at the foot of the window beside the curves that it draws, and then what it showed. */

import { element } from "../lib/dom.js";
import { emit } from "../lib/events.js";

/** @typedef {import("../lib/claims.js").Experiment} Experiment */

/** Emits `stop`, `back`, and `next` with an experiment. */
export class Dock extends EventTarget {
  /** @type {Experiment | null} */
  #next = null;
  /** What began the experiment: the focus goes back there. @type {HTMLElement | null} */
  #opener = null;

  /**
   * @param {HTMLElement} root
   * @param {(root: HTMLElement) => void} explain
   */
  constructor(root, explain) {
    super();
    this.root = root;
    this.explain = explain;
    this.title = element("h3");
    this.text = element("p", { role: "status" });
    this.changed = element("p", { class: "soft" });
    const button = (/** @type {string} */ text, /** @type {() => void} */ act) => {
      const made = element("button", { type: "button" }, text);
      made.addEventListener("click", act);
      return made;
    };
    this.stop = button("Stop", () => emit(this, "stop"));
    this.back = button("Back to my network", () => emit(this, "back"));
    this.next = button("", () => emit(this, "next", this.#next));
    this.closer = button("×", () => this.close());
    this.closer.ariaLabel = "Close";
    this.closer.className = "round";
    root.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || this.closer.hidden) return;
      event.preventDefault();
      this.close();
    });
    root.replaceChildren(
      element("div", { class: "head" }, this.title, this.closer), this.text, this.changed,
      element("div", { class: "row" }, this.stop, this.next, this.back),
    );
  }

  /** @param {Experiment} experiment */
  begin({ title }) {
    this.title.textContent = title;
    this.root.dataset.state = "running";
    this.text.textContent = "It is being set up.";
    this.changed.textContent = "";
    const { activeElement } = document;
    if (activeElement instanceof HTMLElement && !this.root.contains(activeElement)) this.#opener = activeElement;
    this.stop.hidden = false;
    this.root.hidden = false;
    this.stop.focus({ preventScroll: true }); // its own button is disabled while it runs
    this.back.hidden = this.next.hidden = this.closer.hidden = true;
  }

  /**
   * @param {Experiment} experiment
   * @param {number} index  of the run under way
   */
  running({ about, runs }, index) {
    const place = runs.length > 1 ? `Run ${index + 1} of ${runs.length}: ` : "Training: ";
    this.text.textContent = `${place}${runs[index].title}. ${about}`;
  }

  /**
   * @param {Experiment} experiment
   * @param {object} ending
   * @param {boolean | null} ending.held  null where it was stopped
   * @param {string[]} ending.sentences
   * @param {string} ending.changed  what the experiment has changed on the page
   * @param {boolean} ending.hasKept  whether there is a network of the visitor's to go back to
   * @param {Experiment | null} ending.next
   */
  end({ title }, { held, sentences, changed, hasKept, next }) {
    this.title.textContent = held === false ? `${title}: not as expected` : title;
    this.text.textContent = sentences.join(" ");
    this.explain(this.text);
    this.changed.textContent = changed + (hasKept ? " Your own network is kept." : "");
    this.suggest(next);
    this.back.hidden = !hasKept;
    this.closer.hidden = false;
    if (document.activeElement === this.stop) this.closer.focus();
    this.stop.hidden = true;
    this.root.dataset.state = held === null ? "stopped" : held ? "done" : "failed";
  }

  /** @param {Experiment | null} next  the best experiment to do next */
  suggest(next) {
    this.#next = next;
    this.next.textContent = next ? `Next: ${next.title}` : "";
    this.next.hidden = !next;
  }

  /** Bring the curves into view: they are what an experiment is about. */
  show() {
    const isNarrow = matchMedia("(max-width: 78.75em)").matches;
    const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
    if (isNarrow) document.getElementById("learning-title")?.scrollIntoView({ block: "start", behavior });
    else scrollTo({ top: 0, behavior });
  }

  close() {
    const hadFocus = this.root.contains(document.activeElement);
    this.root.hidden = true;
    if (hadFocus) this.#opener?.focus({ preventScroll: true });
  }
}
