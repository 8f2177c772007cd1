/** The lesson in force: its task with fields for answers, and its steps, each with what is done. */

import { element } from "../lib/dom.js";
import { emit } from "../lib/events.js";
import { withValues } from "../lib/fragment.js";
import { markdownNodes } from "./markdown-view.js";

/** @typedef {import("../lib/lesson.js").Lesson} Lesson */
/** @typedef {import("../lib/lesson.js").Step} Step */
/** @typedef {import("./progress.js").Entry} Entry */

/** @param {Step} step */
export const nameOf = ({ kind, id }) => `${kind}:${id}`;

/** Emits `answer` when something was written, `open` with a step. */
export class LessonCard extends EventTarget {
  /** @type {Map<string, {item: HTMLElement, mark: HTMLElement, link: HTMLAnchorElement, step: Step}>} */
  #steps = new Map();

  /** @param {HTMLElement} root */
  constructor(root) {
    super();
    this.root = root;
    this.title = element("h2", { id: root.getAttribute("aria-labelledby") });
    this.count = element("span", { class: "soft", role: "status" });
    this.task = element("div", { class: "task" });
    this.steps = element("ol", { class: "lesson-steps", "aria-label": "Steps" });
    this.fold = element("details", { open: true },
      element("summary", {}, this.title, this.count),
      element("div", { class: "lesson-body" }, this.task, this.steps));
    root.replaceChildren(this.fold);
  }

  /**
   * @param {Lesson} lesson
   * @param {Entry} entry  what is done and answered; written to
   */
  show({ title, task, steps, embed, isLarge }, entry) {
    this.root.hidden = embed !== "" || (!title && !task && !steps.length);
    this.root.dataset.title = title;
    this.title.textContent = title || "Lesson";
    this.fold.open = !isLarge;
    const field = (/** @type {string} */ key, /** @type {string} */ label) => this.#field(entry, key, label);
    this.task.replaceChildren(...markdownNodes(task, (question) => field(question, "")));
    this.#steps = new Map(steps.map((step) => {
      const mark = element("span", { class: "mark", role: "img" });
      const link = element("a", {}, step.id);
      link.addEventListener("click", (event) => {
        event.preventDefault();
        emit(this, "open", step);
      });
      const notes = element("details", { class: "notes" }, element("summary", {}, "Notes"), field(nameOf(step), `Notes on ${step.id}`));
      return [nameOf(step), { item: element("li", { "data-step": nameOf(step) }, mark, link, notes), mark, link, step }];
    }));
    this.steps.replaceChildren(...[...this.#steps.values()].map(({ item }) => item));
    this.steps.hidden = !steps.length;
    this.mark(entry.done);
    this.follow();
  }

  /** The links lead to the steps from the address as it is now. */
  follow() {
    for (const { link, step } of this.#steps.values()) link.href = addressOf(step, location.hash);
  }

  /** @param {Map<string, string>} titles  by step */
  name(titles) {
    for (const [name, { link, step }] of this.#steps) {
      const kind = step.kind === "experiment" ? "Experiment" : "Exercise";
      const text = `${kind}: ${titles.get(name) ?? step.id}`;
      if (link.textContent !== text) link.textContent = text;
    }
  }

  /** @param {string[]} done */
  mark(done) {
    for (const [name, { item, mark }] of this.#steps) {
      const isDone = done.includes(name);
      item.dataset.done = isDone ? "yes" : "no";
      mark.textContent = isDone ? "✓" : "○";
      mark.ariaLabel = isDone ? "done" : "to do";
    }
    const count = [...this.#steps.keys()].filter((name) => done.includes(name)).length;
    this.count.textContent = this.#steps.size ? `${count} of ${this.#steps.size} steps done` : "";
  }

  /**
   * @param {Entry} entry
   * @param {string} key
   * @param {string} label  what it is called where no label stands around it
   */
  #field(entry, key, label) {
    const field = element("textarea", { rows: 2, "aria-label": label || null, placeholder: label ? "" : "Your answer" });
    field.value = entry.answers[key] ?? "";
    field.addEventListener("input", () => {
      entry.answers[key] = field.value;
      emit(this, "answer");
    });
    return field;
  }
}

/**
 * The address that opens a step and keeps the lesson.
 * @param {Step} step
 * @param {string} hash
 */
export const addressOf = ({ kind, id }, hash) =>
  withValues(hash, { experiment: kind === "experiment" ? id : null, exercise: kind === "exercise" ? id : null });
