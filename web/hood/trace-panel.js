/** Slow motion: one training step of the running code, recorded and stepped through line by line. */

import { element } from "../lib/dom.js";
import { on } from "../lib/events.js";
import { integer } from "../lib/format.js";
import { onSystemTheme } from "../lib/theme.js";
import { resultOf } from "./array-layout.js";
import { equationOf } from "./equations.js";
import { TraceCode } from "./trace-code.js";
import { explainSum } from "./trace-terms.js";
import { numberText, TracedArray } from "./trace-values.js";

const WELCOME = "Record the next training step. It is taken on a copy of the network: the run itself stays where it is.";

export class TracePanel {
  /** @type {Trace | null} */
  #trace = null;
  /** @type {TraceLine | null} */
  #line = null;
  /** The line that is wanted; another may still be on the screen. */
  #target = 0;
  /** Counts the requests, so that an answer that comes too late is dropped. */
  #asked = 0;
  #code = new TraceCode();

  /** @param {import("../hood.js").Context & {code: import("./code-panel.js").CodePanel}} context */
  constructor(context) {
    this.context = context;
    const button = (/** @type {string} */ id, /** @type {string} */ text, /** @type {string} */ title, /** @type {() => unknown} */ act) => {
      const made = element("button", { type: "button", "data-testid": id, title }, text);
      made.addEventListener("click", () => Promise.resolve(act()).catch(context.showError));
      return made;
    };
    this.extent = element("select", { "aria-label": "What the step learns from" }, new Option("one image", "single"), new Option("the batch", "batch"));
    this.record = button("trace", "Record a step", "Record the next training step, line by line", () => this.recordStep());
    this.record.className = "primary";
    this.back = button("trace-back", "◀ Back", "The line before (left arrow)", () => this.go(this.#target - 1));
    this.next = button("trace-next", "Next ▶", "The next line (right arrow)", () => this.go(this.#target + 1));
    this.slider = element("input", { type: "range", min: 0, max: 0, step: 1, value: 0, "aria-label": "Line of the step" });
    this.slider.addEventListener("input", () => this.go(Number(this.slider.value)).catch(context.showError));
    this.place = element("output", { "data-testid": "trace-line", "aria-live": "polite" });
    this.calls = element("ol", { class: "trace-calls", "aria-label": "Calls that this line is inside of" });
    this.equation = element("p", { class: "trace-equation" });
    this.values = element("div", { class: "trace-values", "data-testid": "trace-values" });
    this.terms = element("section", { class: "trace-terms", "aria-live": "polite" });
    this.note = element("p", { class: "soft" }, WELCOME);
    this.element = element("div", { class: "trace-panel" },
      element("div", { class: "row" }, this.record, this.extent, this.back, this.next, this.slider),
      this.note,
      element("div", { class: "trace-view" },
        element("div", { class: "trace-left" }, this.place, this.calls, this.#code.element),
        element("div", { class: "trace-right" }, this.equation, this.values, this.terms)));
    this.element.addEventListener("keydown", (event) => this.#onKey(event));
    this.#clear();
    on(context.code, "apply", () => this.#forget());
    const repaint = () => this.#line && this.#showValues(this.#line);
    new MutationObserver(repaint).observe(document.documentElement, { attributeFilter: ["data-theme"] });
    onSystemTheme(repaint);
  }

  /** The code has changed: what was recorded is no longer there. */
  #forget() {
    if (!this.#trace) return;
    this.#clear();
    this.note.textContent = "The code has changed since. Record a step of the code that runs now.";
  }

  #clear() {
    this.#asked++;
    this.#trace = this.#line = null;
    Object.assign(this.place.dataset, { file: "", line: "", index: "", count: "" });
    this.place.textContent = "";
    this.element.classList.add("empty");
    for (const part of [this.values, this.terms, this.calls, this.equation]) part.replaceChildren();
    this.#code.setTexts(new Map());
    this.#enable();
  }

  async recordStep() {
    const { client } = this.context;
    this.#clear();
    if (!client.isReady) {
      this.note.textContent = "Python is still loading. Record again when it is ready.";
      return;
    }
    const asked = this.#asked;
    this.note.textContent = "Recording…";
    try {
      const trace = await client.session.trace_step(this.extent.value === "single");
      if (asked !== this.#asked) return;
      if (!trace.count) {
        this.note.textContent = "The step ran through no line of the lesson: there is nothing to show.";
        return;
      }
      this.#trace = trace;
      this.#code.setTexts(new Map(trace.files.map(({ name, text }) => [name, text])));
      this.slider.max = String(trace.count - 1);
      await this.go(0);
      if (this.#trace !== trace) return;
      const { step, count, images, batch } = trace;
      const learnsFrom = images === 1 ? "one image" : images < batch ? `the first ${integer(images)} of ${integer(batch)} images (the others run through the same lines again)` : `${integer(images)} images`;
      this.note.textContent = `Step ${integer(step)}, as it would come next, from ${learnsFrom}: ${integer(count)} lines. “Changed” is what is new or different since the function last used it.`;
    } catch (error) {
      if (asked !== this.#asked) return;
      this.#clear();
      this.note.textContent = `The step could not be recorded. ${/** @type {Error} */ (error).message}`;
    }
  }

  /** @param {number} index */
  async go(index) {
    if (!this.#trace) return;
    this.#target = Math.max(0, Math.min(this.#trace.count - 1, index));
    this.slider.value = String(this.#target);
    this.#enable();
    const asked = ++this.#asked;
    try {
      const line = await this.context.client.session.trace_line(this.#target);
      if (asked === this.#asked) this.#show(line);
    } catch (error) {
      if (asked !== this.#asked) return;
      this.#clear();
      this.note.textContent = `The recording is no longer there. ${/** @type {Error} */ (error).message}`;
    }
  }

  #enable() {
    const count = this.#trace?.count ?? 0;
    this.back.disabled = !count || this.#target === 0;
    this.next.disabled = !count || this.#target === count - 1;
    this.slider.disabled = !count;
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const move = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!move || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement) return;
    event.preventDefault();
    this.go(this.#target + move).catch(this.context.showError);
  }

  /** @param {TraceLine} line */
  #show(line) {
    this.#line = line;
    this.element.classList.remove("empty");
    this.#code.show(line.file, line.line);
    this.equation.textContent = equationOf(line.file, this.#code.textOf(line.file, line.line));
    this.#showCalls(line.index);
    this.#showValues(line);
    Object.assign(this.place.dataset, { file: line.file, line: line.line, index: line.index, count: line.count });
    this.place.textContent = `${line.file}, line ${line.line} (${line.index + 1} of ${integer(line.count)})`;
  }

  /**
   * The calls that a line is inside of: for each depth the last line above it.
   * @param {number} index
   */
  #showCalls(index) {
    const { places } = /** @type {Trace} */ (this.#trace);
    const here = places[index];
    const outer = [here];
    for (let i = index - 1; i >= 0 && outer[0].depth > 0; i--) if (places[i].depth < outer[0].depth) outer.unshift(places[i]);
    this.calls.replaceChildren(...outer.map(({ function: name, file, line }, i) =>
      element("li", { "aria-current": i === outer.length - 1, style: `padding-left: ${0.75 * i}rem` }, element("code", {}, name), element("span", { class: "soft" }, ` ${file}:${line}`))));
  }

  /** @param {TraceLine} line */
  #showValues(line) {
    this.terms.replaceChildren();
    const result = resultOf(line.values, line.product);
    const arrays = line.values.map((/** @type {TracedValue} */ value) => {
      const array = new TracedArray(value, (row, column) => this.#explain(line, array, value === result, row, column).catch(this.context.showError));
      if (value === result) array.element.append(element("p", { class: "soft" }, "Click an entry to see what it is the sum of."));
      return array;
    });
    this.values.replaceChildren(...arrays.map((/** @type {TracedArray} */ array) => array.element));
    if (!arrays.length) this.terms.append(element("p", { class: "soft" }, "This line touches no array and no number."));
  }

  /**
   * @param {TraceLine} line
   * @param {TracedArray} array
   * @param {boolean} isResult  whether the line has computed it as a sum of products
   * @param {number} row
   * @param {number} column
   */
  async #explain(line, array, isResult, row, column) {
    const said = element("p", {}, `${array.nameOf(row, column)} = ${numberText(array.at(row, column))}`);
    if (!isResult) {
      this.terms.replaceChildren(said, element("p", { class: "soft" }, "This line does not compute it as a sum of products."));
      return;
    }
    const asked = this.#asked;
    const terms = await this.context.client.session.trace_terms(line.index, row, column);
    if (asked !== this.#asked) return;
    const code = this.#code.textOf(line.file, line.line);
    this.terms.replaceChildren(...explainSum({ line, code, array, row, column, terms }));
    this.terms.scrollIntoView({ block: "nearest" });
  }
}
