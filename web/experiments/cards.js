/** The experiments as cards: what each is about, what to expect, a button that runs it, and what it showed. */

import { element } from "../lib/dom.js";
import { emit } from "../lib/events.js";

/** @typedef {import("../lib/claims.js").Experiment} Experiment */
/** @typedef {import("./results.js").Result} Result */

const STATES = { new: "", running: "running", done: "done", failed: "not as expected" };

class Card {
  /**
   * @param {Experiment} experiment
   * @param {{run: () => void, answer: (index: number | null) => void}} actions
   */
  constructor(experiment, { run, answer }) {
    const { id, title, about, question, answers, runs } = experiment;
    this.title = title;
    this.state = element("span", { class: "chip" });
    this.answers = answers.map((text, i) => {
      const button = element("button", { type: "button", "aria-pressed": "false" }, text);
      button.addEventListener("click", () => answer(button.getAttribute("aria-pressed") === "true" ? null : i));
      return button;
    });
    this.question = element("details", {}, element("summary", {}, "What do you expect?"),
      element("p", {}, question), element("div", { class: "answers", role: "group", "aria-label": question }, ...this.answers));
    this.run = element("button", { type: "button", "data-testid": "experiment-run", "aria-label": `Run: ${title}` }, "Run");
    this.run.addEventListener("click", run);
    this.result = element("output", { "data-testid": "experiment-result", class: "result", "aria-live": "off" });
    const trains = `${runs.length === 1 ? "Trains one network" : `Trains ${runs.length} networks`}: ${runs.map((planned) => planned.title).join(", ")}.`;
    this.element = element("li", { class: "experiment", "data-id": id, "data-state": "new", tabindex: -1 },
      element("div", { class: "head" }, element("h3", {}, title), this.state),
      element("p", {}, about), element("p", { class: "soft" }, trains), this.question,
      element("div", { class: "row" }, this.run), this.result);
  }

  /**
   * @param {Result} result
   * @param {boolean} isRunning
   */
  update({ state, sentences, answer }, isRunning) {
    const now = isRunning ? "running" : state;
    this.state.textContent = STATES[now];
    this.run.textContent = state === "new" ? "Run" : "Run again";
    this.run.ariaLabel = `${this.run.textContent}: ${this.title}`;
    this.run.disabled = isRunning;
    this.answers.forEach((button, i) => button.setAttribute("aria-pressed", String(i === answer)));
    if (!isRunning) this.result.textContent = sentences.join(" ");
    this.element.dataset.state = now; // last: what shows it has followed
  }
}

/** Emits `run` with an experiment, and `answer` with {experiment, answer}. */
export class Cards extends EventTarget {
  /** @type {Map<string, Card>} */
  #cards = new Map();

  /**
   * @param {HTMLElement} list
   * @param {Experiment[]} experiments
   * @param {(root: HTMLElement) => void} explain
   */
  constructor(list, experiments, explain) {
    super();
    for (const experiment of experiments) {
      this.#cards.set(experiment.id, new Card(experiment, {
        run: () => emit(this, "run", experiment),
        answer: (answer) => emit(this, "answer", { experiment, answer }),
      }));
    }
    const cards = [...this.#cards.values()];
    cards.forEach((card) => explain(card.element));
    list.replaceChildren(...cards.map((card) => card.element));
  }

  /**
   * @param {Experiment} experiment
   * @param {Result} result
   * @param {boolean} isRunning
   */
  update({ id }, result, isRunning) {
    this.#cards.get(id)?.update(result, isRunning);
  }

  /** What an earlier run showed no longer holds. @param {string} id */
  clear(id) {
    const card = this.#cards.get(id);
    if (card) card.result.textContent = "";
  }

  /**
   * Show a card with its question.
   * @param {string} id
   * @returns {boolean} whether there is one
   */
  open(id) {
    const card = this.#cards.get(id);
    if (!card) return false;
    card.question.open = true;
    card.element.scrollIntoView({ block: "center" });
    card.element.focus({ preventScroll: true });
    return true;
  }
}
