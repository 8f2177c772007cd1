/** The last few runs: named, hidden, removed, downloaded. */

import { element } from "../lib/dom.js";
import { emit } from "../lib/events.js";
import { duration, percent } from "../lib/format.js";
import { summary } from "../lib/settings.js";

/** @typedef {import("../lib/history.js").Run} Run */

/** Emits `change` when a run was named, hidden or removed (detail: {run, removed}), `csv` and `png`. */
export class RunsTable extends EventTarget {
  /** @type {Map<number, {row: HTMLElement, update: () => void}>} */
  #rows = new Map();

  /** @param {HTMLElement} root */
  constructor(root) {
    super();
    this.list = element("ol", { class: "runs" });
    const csv = element("button", { type: "button" }, "Runs as CSV");
    const png = element("button", { type: "button" }, "Curves as PNG");
    csv.addEventListener("click", () => emit(this, "csv"));
    png.addEventListener("click", () => emit(this, "png"));
    root.append(element("p", { class: "soft" }, "Earlier runs stay as faint curves. Change something, train again, and compare."),
      this.list, element("div", { class: "row" }, csv, png));
  }

  /**
   * @param {Run[]} runs  the current one first
   */
  update(runs) {
    for (const run of runs) {
      if (!this.#rows.has(run.id)) this.#rows.set(run.id, this.#make(run));
      this.#rows.get(run.id)?.update();
    }
    const wanted = runs.flatMap((run) => this.#rows.get(run.id)?.row ?? []);
    if (wanted.length !== this.list.children.length || wanted.some((row, i) => row !== this.list.children[i])) this.list.replaceChildren(...wanted);
  }

  /** @param {Run} run */
  #make(run) {
    const shown = element("input", { type: "checkbox", checked: run.shown, "aria-label": `Show run ${run.id}` });
    const name = element("input", { type: "text", "aria-label": `Name of run ${run.id}`, placeholder: `Run ${run.id}`, value: run.name, maxlength: 40 });
    const settings = element("small");
    const result = element("b");
    const time = element("small");
    const remove = element("button", { type: "button", "aria-label": `Remove run ${run.id}`, title: "Remove" }, "×");
    shown.addEventListener("change", () => {
      run.shown = shown.checked;
      emit(this, "change", { run, removed: false });
    });
    name.addEventListener("change", () => {
      run.name = name.value.trim();
      emit(this, "change", { run, removed: false });
    });
    remove.addEventListener("click", () => emit(this, "change", { run, removed: true }));
    const row = element("li", { "data-run": run.id }, shown, element("div", {}, name, settings), element("div", { class: "result" }, result, time), remove);
    const update = () => {
      const last = run.last;
      settings.textContent = summary(run.settings);
      result.textContent = last?.test_accuracy == null ? "–" : percent(last.test_accuracy);
      time.textContent = last ? `${last.epoch} ep., ${duration(last.seconds)}` : "";
    };
    return { row, update };
  }
}
