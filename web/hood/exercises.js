/** Exercises on the lesson's own files: the task stands beside the editor, and what is typed there is the answer. */

import { element } from "../lib/dom.js";
import { emit, on } from "../lib/events.js";
import { throttle } from "../lib/pace.js";
import { hashOf } from "./edits.js";
import { exerciseIn, withExercise } from "./exercise-link.js";
import { Progress } from "./exercise-progress.js";
import { comparison, fill, rich } from "./exercise-view.js";

/** Emits `follow` when an address asks for an exercise. */
export class Exercises extends EventTarget {
  #progress = new Progress();
  /** @type {ExerciseTitle[]} */
  #all = [];
  /** The exercise on the card. @type {ExerciseTask | null} */
  #task = null;
  /** Settled when the chosen exercise is in the editor. @type {Promise<void>} */
  #entering = Promise.resolve();
  /** The text of the exercise's file as it was last put or typed. */
  #known = "";
  /** Whether the visitor has typed into that file since the exercise was chosen. */
  #hasTyped = false;
  /** Whether the link that opened the page brought code, which may be an answer to its exercise. */
  #comesWithCode = /[#&]code=/.test(location.hash);
  #storeSoon = throttle(() => this.#progress.store(), 300, () => undefined);

  /** @param {import("../hood.js").Context & {code: import("./code-panel.js").CodePanel}} context */
  constructor(context) {
    super();
    this.context = context;
    this.code = context.code;
    const button = (/** @type {string | null} */ id, /** @type {string} */ text, /** @type {string} */ title, /** @type {() => unknown} */ act) => {
      const made = element("button", { type: "button", "data-testid": id, title }, text);
      made.addEventListener("click", () => Promise.resolve(act()).catch(context.showError));
      return made;
    };
    this.select = element("select", { "data-testid": "exercise", id: "exercise-select" }, new Option("none", ""));
    this.select.addEventListener("change", () => this.choose(this.select.value).catch(context.showError));
    this.count = element("span", { class: "soft" }, "They can be chosen as soon as Python is there.");
    this.title = element("h3");
    this.place = element("p", { class: "soft" });
    this.text = element("p");
    this.note = element("p", { class: "soft", "aria-live": "polite" });
    this.checkButton = button("exercise-check", "Check my answer", "Check what stands in the editor; it need not be applied", () => this.check());
    this.checkButton.className = "primary";
    this.hintButton = button("exercise-hint", "Hint", "Show a hint", () => this.#hint());
    this.solutionButton = button("exercise-solution", "Solution", "Compare your lines with the solution’s", () => this.#solution());
    this.applyButton = button(null, "Apply it: see it train", "Run this code, and train", () => this.#train());
    this.hints = element("ol", { class: "hints", "aria-live": "polite" });
    this.state = element("output", { "data-testid": "exercise-state", "data-value": "open" });
    this.reason = element("p", { "aria-live": "polite" });
    this.solution = element("div");
    this.useButton = button(null, "Put the solution into the editor", "Undo (Ctrl+Z) takes it back", () => this.#useSolution());
    this.nextButton = button(null, "", "Go on with the next exercise that is not solved", () => this.choose(this.nextButton.value));
    this.card = element("section", { class: "exercise-card", "aria-label": "Exercise", hidden: true },
      this.title, this.place, this.text, this.note,
      element("div", { class: "row" }, this.checkButton, this.hintButton, this.solutionButton,
        button(null, "Start over", "Put the exercise’s beginning into the editor; Undo (Ctrl+Z) takes it back", () => this.#startOver())),
      this.state, this.reason,
      element("div", { class: "row" }, this.applyButton, this.nextButton),
      this.hints, this.solution);
    this.element = element("div", {},
      element("div", { class: "row" }, element("label", { for: "exercise-select" }, "Exercise"), this.select, this.count),
      element("div", { class: "exercise-work" }, this.card, this.code.element));
    on(this.code, "type", () => this.#typed());
  }

  /** Bring back what was reached; when Python is there, the exercises, and the one in the address or in the editor. */
  async load() {
    await this.#progress.load();
    const { page, follow, client, showError } = this.context;
    let isAsked = false;
    follow(() => {
      if (isAsked || page.state.value === "loading" || page.state.value === "error") return;
      isAsked = true;
      client.session.exercises().then((all) => this.#listed(all)).catch((error) => {
        isAsked = false; // asked again when the page's state changes
        showError(error);
      });
    });
  }

  /** @param {ExerciseTitle[]} all */
  async #listed(all) {
    this.#all = all;
    if (!all.some(({ id }) => id === this.#progress.active?.id)) this.#progress.active = null;
    this.#refresh();
    const fromAddress = () => {
      emit(this, "follow");
      return this.choose(exerciseIn(location.hash));
    };
    window.addEventListener("hashchange", () => exerciseIn(location.hash) && fromAddress().catch(this.context.showError));
    await (exerciseIn(location.hash) ? fromAddress() : this.choose(this.#progress.active?.id ?? ""));
  }

  /**
   * Begin or resume an exercise, or leave it. What stood in its file before comes back afterwards.
   * @param {string} id  empty for none
   */
  async choose(id) {
    const title = this.#all.find((exercise) => exercise.id === id);
    if (id && !title) {
      this.context.showMessage(`There is no exercise called “${id}”. Choose one under the hood.`);
      return;
    }
    if (title && this.#task?.id === id) return;
    const isResumed = title !== undefined && this.#progress.active?.id === id;
    if (!isResumed) this.#leave();
    this.#task = null;
    this.select.value = id;
    history.replaceState(null, "", withExercise(location.hash, id) || location.pathname + location.search);
    this.#clear();
    this.card.hidden = !title;
    if (!title) return;
    if (!isResumed) {
      const text = this.code.edits.text(title.file);
      this.#progress.active = { id, file: title.file, before: text === this.code.edits.original(title.file) ? null : text };
    }
    this.title.textContent = title.title;
    this.code.show(title.file);
    this.#known = this.code.edits.text(title.file);
    this.#hasTyped = false;
    this.#entering = this.#enter(title);
    await this.#entering;
  }

  /** @param {ExerciseTitle} title */
  async #enter({ id, file, kind }) {
    const task = await this.context.client.session.exercise(id);
    if (this.#progress.active?.id !== id) return; // another was chosen meanwhile
    this.#task = task;
    this.place.replaceChildren(...rich(`${kind === "write" ? "Write" : "Find the fault"} in \`${file}\`, \`${task.target}\`, line${task.first === task.last ? ` ${task.first}` : `s ${task.first} to ${task.last}`}.`));
    this.text.replaceChildren(...rich(task.task));
    if (kind === "find") this.text.append(" Apply it to see the curve suffer; the tabs Check and Slow motion look at what is applied.");
    this.applyButton.hidden = kind !== "find";
    this.#labelHint();
    const attempt = this.#progress.attempt(id);
    const isGiven = this.#hasTyped || (this.#comesWithCode && this.code.edits.text(file) !== this.code.edits.original(file));
    this.#comesWithCode = false;
    if (!isGiven) {
      this.#known = attempt?.text ?? task.start;
      this.code.put({ [file]: this.#known });
    }
    this.code.editor.reveal(task.first);
    const age = attempt && attempt.base !== hashOf(task.start) ? ` ${file} has changed since you wrote this: Start over gives the new one.` : "";
    this.note.textContent = `${isGiven ? "" : attempt ? "Your answer so far is in the editor." : "The beginning is in the editor."}${age} ${this.#about(this.#progress.active)}`;
    this.#storeSoon();
  }

  /** @param {import("./exercise-progress.js").Active} active */
  #about({ file, before }) {
    return before === null ? "" : `Your own version of ${file} comes back when you choose another exercise, or none.`;
  }

  #leave() {
    const { active } = this.#progress;
    this.#progress.active = null;
    if (active) this.code.put({ [active.file]: active.before ?? this.code.edits.original(active.file) });
    this.#storeSoon();
  }

  /** What was said about an exercise goes. */
  #clear() {
    for (const part of [this.place, this.text, this.note, this.hints, this.reason, this.solution]) part.replaceChildren();
    this.applyButton.hidden = this.nextButton.hidden = true;
    this.#say("open", "");
    this.code.editor.mark(null, "");
  }

  /** Something was typed: what was said about an earlier text is no longer said of this one. */
  #typed() {
    const { active } = this.#progress;
    const text = this.code.edits.text(active?.file ?? "");
    if (!active || text === this.#known) return;
    this.#known = text;
    this.#hasTyped = true;
    if (this.#task) this.#progress.keep(active.id, { text, base: hashOf(this.#task.start) });
    this.note.textContent = this.#about(active);
    if (this.state.dataset.value !== "open") this.#say("open", `Before your last change: ${this.state.textContent}`);
    this.nextButton.hidden = true;
    this.#storeSoon();
  }

  /** The exercise on the card and the visitor's text, once both are there. */
  async #answer() {
    await this.#entering;
    if (!this.#task) throw new Error("Choose an exercise first.");
    return { task: this.#task, text: this.code.edits.text(this.#task.file) };
  }

  async #checked() {
    const { task, text } = await this.#answer();
    return { task, text, result: await this.context.client.session.check_exercise(task.id, text) };
  }

  async check() {
    this.#say("open", "Checking …");
    const { task, text, result } = await this.#checked().catch((error) => {
      this.#say("open", "");
      throw error;
    });
    if (this.#task !== task) return;
    if (this.code.edits.text(task.file) !== text) return this.#say("open", `Before your last change: ${result.message}`);
    if (result.line !== null) this.code.show(task.file);
    this.code.editor.mark(result.line, result.message);
    this.#say(result.state, result.message);
    if (result.state === "solved") this.#solved(task, result.reason);
    return undefined;
  }

  /**
   * @param {ExerciseTask} task
   * @param {string} reason
   */
  #solved(task, reason) {
    this.#progress.note(task.id, { isSolved: true });
    this.#because(reason);
    this.applyButton.hidden = false;
    const next = this.#progress.next(this.#all, task.id);
    this.nextButton.hidden = !next;
    if (next) {
      this.nextButton.value = next.id;
      this.nextButton.textContent = `Next: ${next.title}`;
    } else this.#say("solved", `${this.state.textContent} That was the last one: all are solved.`);
    this.#refresh();
  }

  async #hint() {
    const { task } = await this.#answer();
    const number = this.hints.childElementCount + 1;
    if (number > task.hints) return;
    const hint = await this.context.client.session.exercise_hint(task.id, number);
    if (this.#task !== task || this.hints.childElementCount >= number) return;
    this.hints.append(element("li", {}, ...rich(hint)));
    this.#progress.note(task.id, { hints: number });
    this.#labelHint();
    this.#storeSoon();
  }

  async #solution() {
    const { task, text } = await this.#answer();
    const { rows, reason, text: solved } = await this.context.client.session.exercise_solution(task.id, text);
    if (this.#task !== task) return;
    this.#progress.note(task.id, { hasSeenSolution: true });
    this.useButton.value = solved;
    const isSame = rows.every(({ sign }) => sign === " ");
    this.solution.replaceChildren(
      element("p", { role: "status" }, isSame ? "Your lines are those of the solution." : "The solution: − is a line of yours, + one of the solution."),
      comparison(rows), ...(isSame ? [] : [this.useButton]));
    this.#because(reason);
    this.#storeSoon();
  }

  async #useSolution() {
    const { task } = await this.#answer();
    this.code.show(task.file);
    this.code.editor.replace(this.useButton.value);
    this.code.editor.reveal(task.first);
  }

  async #startOver() {
    const { task } = await this.#answer();
    this.code.show(task.file);
    this.code.editor.replace(task.start);
    this.code.editor.reveal(task.first);
    this.#progress.keep(task.id, null);
    this.note.textContent = "The beginning is in the editor again; Undo (Ctrl+Z) takes that back.";
    this.#storeSoon();
  }

  /** Run what is typed, and train with it unless it trains already. */
  async #train() {
    const { section, training, page } = this.context;
    await this.code.apply();
    const isRunning = section.dataset.state === "applied" || section.dataset.state === "original";
    if (isRunning && page.state.value !== "training") await training.toggle();
  }

  /** @param {string} reason */
  #because(reason) {
    this.reason.replaceChildren(element("strong", {}, "Why: "), ...rich(reason));
  }

  /**
   * @param {"open" | "wrong" | "solved"} value
   * @param {string} text
   */
  #say(value, text) {
    this.state.dataset.value = value;
    this.state.replaceChildren(...rich(text));
  }

  #labelHint() {
    const shown = this.hints.childElementCount;
    const all = this.#task?.hints ?? 0;
    this.hintButton.textContent = shown < all ? `Hint ${shown + 1} of ${all}` : "No more hints";
  }

  /** Show what is solved. */
  #refresh() {
    fill(this.select, this.#all, (id) => this.#progress.of(id).isSolved);
    this.count.textContent = this.#progress.summary(this.#all);
    this.#storeSoon();
  }
}
