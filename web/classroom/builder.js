/** The form that makes a lesson's link, with the lesson as it will be shown. */

import { download } from "../lib/download.js";
import { element } from "../lib/dom.js";
import { entries } from "../lib/fragment.js";
import { lessonIn, pairsOf } from "../lib/lesson.js";
import { MOST } from "../lib/markdown.js";
import { summary } from "../lib/settings.js";
import { hiddenBy } from "./arrangement.js";
import { LessonCard } from "./lesson-card.js";
import { parts } from "./parts.js";
import { StepList } from "./step-list.js";

/** @typedef {import("../lib/lesson.js").Lesson} Lesson */

/** Characters of an address that any browser, chat and learning platform takes. */
const LONG = 2_000;

export class Builder {
  /** @type {Map<string, {shown: HTMLInputElement, fixed: HTMLInputElement | null}>} */
  #parts = new Map();

  /**
   * @param {HTMLElement} root
   * @param {import("../classroom.js").Context} context
   */
  constructor(root, { page, settings, follow, showMessage }) {
    this.page = page;
    this.settings = settings;
    this.title = element("input", { type: "text", id: "builder-title", maxlength: 120 });
    this.task = element("textarea", { id: "builder-task", rows: 8, maxlength: MOST, "aria-describedby": "builder-marks" });
    this.large = element("input", { type: "checkbox" });
    this.withSettings = element("input", { type: "checkbox", checked: true });
    this.now = element("span", { class: "soft" });
    this.steps = new StepList(() => this.#update());
    this.preview = new LessonCard(element("div", { class: "card lesson-card" }));
    this.link = element("output", { "data-testid": "lesson-link", class: "lesson-link", tabindex: 0, "aria-label": "Link", "aria-live": "off" });
    this.length = element("p", { class: "soft" });
    this.open = element("a", { class: "button", target: "_blank", rel: "noopener" }, "Open it in a new tab");
    const copy = element("button", { type: "button", class: "primary" }, "Copy the link");
    copy.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(this.#address);
        showMessage("The lesson’s link is copied.");
      } catch {
        showMessage(`The lesson’s link: ${this.#address}`);
      }
    });
    const save = element("button", { type: "button", title: "For web/lessons/ of a site of your own; its name becomes the lesson’s" }, "Save as a file");
    save.addEventListener("click", () => download("lesson.json", new Blob([this.#file], { type: "application/json" })));
    const form = element("form", { class: "builder", autocomplete: "off" },
      element("div", {},
        element("label", { for: "builder-title" }, "Title"), this.title,
        element("label", { for: "builder-task" }, "Task"), this.task,
        element("p", { class: "soft", id: "builder-marks" }, "Markdown: # heading, - list, 1. list, *emphasis*, **strong**, `code`, [text](https://…); a line that begins with ? is a question with a field for the answer."),
        this.steps.element,
        element("label", { class: "check" }, this.withSettings, "with the settings as they are now"), this.now,
        element("label", { class: "check" }, this.large, "large type, for a projector")),
      this.#partsTable());
    root.replaceChildren(form,
      element("h3", {}, "Preview"), this.preview.root,
      element("h3", {}, "Link"), this.link, element("div", { class: "row" }, copy, this.open, save), this.length,
      element("p", { class: "soft" }, "All of it stands in the link, the task too: it keeps no secret, and whoever has it can read and change it. What is hidden is only not shown; what is fixed can be changed by another link."));
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", () => this.#update());
    follow(() => {
      void page.kernel.value;
      if (page.settings.value) this.#update();
    });
  }

  #partsTable() {
    const body = element("tbody");
    for (const { id, name, isControl } of parts()) {
      const shown = element("input", { type: "checkbox", checked: true, "aria-label": `${name}: shown` });
      const fixed = isControl ? element("input", { type: "checkbox", "aria-label": `${name}: fixed` }) : null;
      this.#parts.set(id, { shown, fixed });
      body.append(element("tr", {}, element("th", { scope: "row" }, name), element("td", {}, shown), element("td", {}, fixed ?? "")));
    }
    const all = (/** @type {string} */ text, /** @type {boolean} */ isShown) => {
      const button = element("button", { type: "button" }, text);
      button.addEventListener("click", () => {
        for (const { shown } of this.#parts.values()) shown.checked = isShown;
        this.#update();
      });
      return button;
    };
    return element("fieldset", { class: "builder-parts" },
      element("legend", {}, "Controls and panels"),
      element("div", { class: "row" }, all("Show all", true), all("Hide all", false)),
      element("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "Controls and panels" },
        element("table", {}, element("thead", {}, element("tr", {}, ...["part", "shown", "fixed"].map((text) => element("th", { scope: "col" }, text)))), body)));
  }

  /**
   * Begin with a lesson: the one in force, or an empty one.
   * @param {Lesson} lesson
   */
  fill({ title, task, steps, hide, show, fix, isLarge }) {
    this.title.value = title;
    this.task.value = task;
    this.large.checked = isLarge;
    this.steps.fill(steps);
    const hidden = new Set([...hide, ...hiddenBy(show)]);
    for (const [id, { shown, fixed }] of this.#parts) {
      shown.checked = !hidden.has(id);
      if (fixed) fixed.checked = fix.includes(id);
    }
    this.#update();
  }

  /** @param {Map<string, string>} titles  of what can be a step */
  name(titles) {
    this.steps.offer(titles);
    this.preview.name(titles);
  }

  /** @returns {Lesson} */
  get #lesson() {
    const [shown, hidden] = [true, false].map((isShown) => [...this.#parts].flatMap(([id, part]) => (part.shown.checked === isShown ? [id] : [])));
    const byShow = hiddenBy(shown);
    // the shorter list, where it says the same
    const isShorter = shown.length > 0 && shown.length < hidden.length && byShow.length === hidden.length && byShow.every((id) => hidden.includes(id));
    return {
      ...lessonIn("").lesson,
      title: this.title.value.trim(),
      task: this.task.value,
      steps: this.steps.value,
      hide: isShorter ? [] : hidden,
      show: isShorter ? shown : [],
      fix: [...this.#parts].flatMap(([id, { fixed }]) => (fixed?.checked ? [id] : [])),
      isLarge: this.large.checked,
    };
  }

  get #pairs() {
    const settings = this.withSettings.checked ? this.settings.address("").replace(/^#/, "") : "";
    return [settings, pairsOf(this.#lesson)].filter(Boolean).join("&");
  }

  get #address() {
    return new URL(`#${this.#pairs}`, location.href).href;
  }

  get #file() {
    const pairs = Object.fromEntries(entries(this.#pairs));
    return `${JSON.stringify({ ...pairs, ...(pairs.task ? { task: pairs.task.split("\n") } : {}) }, null, 2)}\n`;
  }

  #update() {
    if (!this.page.settings.value) return;
    const address = this.#address;
    this.link.textContent = address;
    this.link.dataset.value = address;
    this.open.href = address;
    this.length.textContent = address.length <= LONG ? `${address.length} characters`
      : `${address.length} characters: browsers take that, some chats and learning platforms cut it. Try it there, or save the lesson as a file for a site of your own.`;
    this.now.textContent = summary(this.page.settings.value);
    const lesson = this.#lesson;
    this.preview.show({ ...lesson, isLarge: false }, { title: "", done: [], answers: {} });
    this.preview.name(this.steps.titles);
  }
}

