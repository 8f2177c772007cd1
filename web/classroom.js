/** Lessons, and what a teacher needs: a bundle of its own, which the page loads where an address asks for a lesson. */

import { Arrangement } from "./classroom/arrangement.js";
import { Builder } from "./classroom/builder.js";
import { addressOf, LessonCard, nameOf } from "./classroom/lesson-card.js";
import { LessonProgress } from "./classroom/progress.js";
import { cleanStart, confirmCleanStart } from "./classroom/clean-start.js";
import { collectReport } from "./classroom/report-data.js";
import { Sheet } from "./classroom/sheet.js";
import { exercisesDone, experiments, watchSteps } from "./classroom/steps.js";
import { byTestId } from "./lib/dom.js";
import { on } from "./lib/events.js";
import { combined, fragmentOf, lessonIn } from "./lib/lesson.js";
import { throttle } from "./lib/pace.js";
import { readReport } from "./lib/report-file.js";
import { fromAddress } from "./lib/settings.js";

/**
 * What the page hands over: its parts, and its state, which is not to be bundled a second time.
 * @typedef {object} Context
 * @property {import("./app/client.js").Client} client
 * @property {import("./app/settings.js").SettingsController} settings
 * @property {import("./app/runs.js").Runs} runs
 * @property {typeof import("./app/state.js").page} page
 * @property {typeof import("./app/state.js").follow} follow
 * @property {typeof import("./app/state.js").showMessage} showMessage
 * @property {typeof import("./app/state.js").showError} showError
 * @property {() => void} redraw  what is drawn in sizes and colours of the page
 */

/** Milliseconds between two times that answers are stored. */
const STORE = 300;

export class Classroom {
  #arrangement = new Arrangement();
  #progress = new LessonProgress();
  #card = new LessonCard(byTestId("lesson"));
  /** @type {import("./lib/lesson.js").Lesson} */
  #lesson = lessonIn("").lesson;
  /** What is done and answered of the lesson in force. */
  #entry = this.#progress.of("");
  /** @type {Builder | null} */
  #builder = null;
  /** Titles of exercises, by step. @type {Map<string, string>} */
  #exercises = new Map();
  /** Files of lessons, as fragments, by name. @type {Map<string, string>} */
  #files = new Map();

  /** @param {Context} context */
  constructor(context) {
    this.context = context;
    this.loaded = this.#progress.load();
    const storeSoon = throttle(() => this.#progress.store(), STORE, () => undefined);
    on(this.#card, "answer", storeSoon);
    on(this.#card, "open", (step) => open(step));
    watchSteps((done) => {
      const known = this.#lesson.steps.map(nameOf);
      const news = done.filter((name) => known.includes(name) && !this.#entry.done.includes(name));
      this.#name();
      if (!news.length) return;
      this.#entry.done.push(...news);
      this.#card.mark(this.#entry.done);
      storeSoon();
    });
    let isAsked = false;
    context.follow(() => {
      if (isAsked || context.page.state.value === "loading" || context.page.state.value === "error") return;
      isAsked = true;
      this.#nameExercises().catch(context.showError);
    });
  }

  /**
   * Put the lesson of the address into force; a lesson's file adds to the address the settings that it brings.
   * @returns {Promise<string>} what the address asks for and cannot be had, or nothing
   */
  async apply() {
    await this.loaded;
    const problems = [];
    let whole = location.hash;
    const name = lessonIn(whole).lesson.file;
    if (name) {
      try {
        const file = await this.#file(name);
        const { unknown, problem } = fromAddress(file, this.context.settings.controls.settings);
        if (unknown.length) problems.push(`The lesson “${name}” contains unknown keys: ${unknown.join(", ")}.`);
        if (problem) problems.push(`The lesson “${name}”: ${problem}`);
        const both = combined(location.hash, file);
        whole = both.whole;
        if (both.shown !== location.hash) history.replaceState(null, "", both.shown);
      } catch (error) {
        problems.push(/** @type {Error} */ (error).message);
      }
    }
    const { lesson, problems: wrong } = lessonIn(whole);
    const wasLarge = this.#lesson.isLarge;
    this.#lesson = lesson;
    this.#entry = this.#progress.of(lesson.title);
    const solved = await exercisesDone(lesson.steps.filter(({ kind }) => kind === "exercise").map(({ id }) => id));
    this.#entry.done = [...new Set([...this.#entry.done, ...solved])];
    this.#card.show(lesson, this.#entry);
    this.#name();
    problems.push(...wrong, ...this.#arrangement.apply(lesson));
    if (wasLarge !== lesson.isLarge) this.context.redraw();
    return problems.join(" ");
  }

  get #titles() {
    return new Map([...[...experiments()].map(([id, title]) => /** @type {const} */ ([`experiment:${id}`, title])), ...this.#exercises]);
  }

  /**
   * @param {string} name
   * @returns {Promise<string>} as a fragment
   */
  async #file(name) {
    const known = this.#files.get(name);
    if (known) return known;
    if (!BUILD.lessons.includes(name)) throw new Error(`This site has no lesson called “${name}”. It has: ${BUILD.lessons.join(", ")}.`);
    let response;
    try {
      response = await fetch(new URL(`lessons/${name}.json`, import.meta.url));
    } catch (cause) {
      throw new Error(`The lesson “${name}” could not be fetched. Check the connection and reload the page.`, { cause });
    }
    if (!response.ok) throw new Error(`The lesson “${name}” could not be fetched (${response.status}). Reload the page to try again.`);
    try {
      const fragment = fragmentOf(await response.json());
      this.#files.set(name, fragment);
      return fragment;
    } catch (cause) {
      throw new Error(`The file of the lesson “${name}” cannot be read: ${/** @type {Error} */ (cause).message}.`, { cause });
    }
  }

  async #nameExercises() {
    const all = await this.context.client.session.exercises();
    this.#exercises = new Map(all.map(({ id, title }) => [`exercise:${id}`, title]));
    this.#name();
  }

  #name() {
    const titles = this.#titles;
    this.#card.name(titles);
    this.#builder?.name(titles);
  }

  /** @param {string} hash  to begin with */
  async cleanStart(hash) {
    if (await confirmCleanStart()) await cleanStart(this.context.client, hash);
  }

  /** Make a report of what is there now, and show it. */
  async report() {
    await this.loaded;
    this.#show(await collectReport({ context: this.context, lesson: this.#lesson, entry: this.#entry, titles: this.#titles }), false);
  }

  /** @param {File} file  a report that was saved */
  async openReport(file) {
    this.#show(readReport(await file.text()), true);
  }

  /**
   * @param {import("./lib/report-file.js").ReportData} report
   * @param {boolean} isFromFile
   */
  #show(report, isFromFile) {
    const from = document.activeElement;
    new Sheet(report, { isFromFile, onClose: () => from instanceof HTMLElement && from.focus() }).open();
  }

  /**
   * Open the builder with the lesson in force.
   * @param {HTMLElement} root
   */
  build(root) {
    root.hidden = false;
    if (!this.#builder) {
      root.addEventListener("keydown", (event) => {
        if (event.key !== "Escape" || event.target instanceof HTMLTextAreaElement) return;
        event.preventDefault();
        root.hidden = true;
        byTestId("lesson-builder").focus();
      });
      this.#builder = new Builder(root, this.context);
      this.#builder.fill(this.#lesson);
      this.#name();
    }
    root.scrollIntoView({ block: "start" });
    root.querySelector("input")?.focus({ preventScroll: true });
  }
}

/** @param {import("./lib/lesson.js").Step} step */
function open(step) {
  const target = addressOf(step, location.hash);
  // opened again, the same step is news to whoever listens to the address
  history.replaceState(null, "", addressOf({ kind: step.kind, id: "" }, location.hash) || location.pathname + location.search);
  location.hash = target;
  if (step.kind === "exercise") byTestId("code").scrollIntoView({ block: "start" });
}
