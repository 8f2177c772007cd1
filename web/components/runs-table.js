/** The last few runs: named, hidden, removed, downloaded. */

import { element } from "../lib/dom.js";
import { emit } from "../lib/events.js";
import { duration, integer, percent } from "../lib/format.js";
import { changeText } from "../lib/run-labels.js";
import { summary } from "../lib/settings.js";

/** @typedef {import("../lib/history.js").RunRecord} RunRecord */

/** Emits `change` when a run was named, hidden or removed (detail: {run, removed}), `csv`, `png` and `svg`. */
export class RunsTable extends EventTarget {
  /** @type {Map<RunRecord, {row: HTMLElement, update: () => void}>} */
  #rows = new Map();

  /** @param {HTMLElement} root */
  constructor(root) {
    super();
    this.list = element("ol", { class: "runs", "data-testid": "runs" });
    const downloads = Object.entries({ csv: "Runs as CSV", png: "Curves as PNG", svg: "Curves as SVG" }).map(([type, text]) => {
      const button = element("button", { type: "button" }, text);
      button.addEventListener("click", () => emit(this, type));
      return button;
    });
    root.append(element("p", { class: "soft" }, "Earlier runs stay in the charts. Change something, train again, and compare."),
      this.list, element("div", { class: "row" }, ...downloads));
  }

  /** @param {RunRecord[]} runs  the current one first */
  update(runs) {
    for (const run of this.#rows.keys()) if (!runs.includes(run)) this.#rows.delete(run);
    const rows = runs.map((run) => {
      const { row, update } = this.#rows.get(run) ?? this.#make(run);
      update();
      return row;
    });
    if (rows.length !== this.list.children.length || rows.some((row, i) => row !== this.list.children[i])) this.list.replaceChildren(...rows);
  }

  /** @param {RunRecord} run */
  #make(run) {
    const shown = element("input", { type: "checkbox", checked: run.shown, "aria-label": `Show run ${run.id} in the charts` });
    const name = element("input", { type: "text", "aria-label": `Name of run ${run.id}`, placeholder: `Run ${run.id}`, value: run.name, maxlength: 40 });
    const settings = element("small");
    const changes = element("small", { class: "changes" });
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
    const row = element("li", { "data-run": run.id, "data-code": run.code }, shown,
      element("div", {}, name, settings, changes), element("div", { class: "result", title: "test accuracy that its training reached; what the network is taught later does not count" }, result, time), remove);
    const update = () => {
      const { last } = run;
      const accuracy = last?.test_accuracy ?? null;
      row.dataset.run = String(run.id);
      name.placeholder = `Run ${run.id}`;
      shown.checked = run.shown;
      if (document.activeElement !== name) name.value = run.name;
      row.dataset.name = run.label;
      row.dataset.code = run.code;
      row.dataset.settings = JSON.stringify(run.settings);
      row.dataset.changes = JSON.stringify(run.changes.map(({ step, key, value }) => ({ step, key, value })));
      row.dataset.testAccuracy = accuracy === null ? "" : String(accuracy);
      settings.textContent = `${run.code === "edited" ? "edited code, " : ""}${summary(run.settings)}`;
      changes.textContent = run.changes.map(changeText).join(", ");
      result.textContent = accuracy === null ? "–" : percent(accuracy);
      time.textContent = last ? `${integer(last.epoch)} ${last.epoch === 1 ? "epoch" : "epochs"}, ${duration(last.seconds)}` : "";
    };
    const made = { row, update };
    this.#rows.set(run, made);
    return made;
  }
}
