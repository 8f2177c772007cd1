/** Accuracy per class, and how often each class is predicted against how often it is there. */

import { element } from "../lib/dom.js";
import { integer, percent } from "../lib/format.js";

export class PerDigit {
  /** @param {HTMLElement} root */
  constructor(root) {
    const rows = () => Array.from("0123456789", (name) => {
      const label = element("b", {}, name);
      const fill = element("i");
      const mark = element("u", { hidden: true });
      const value = element("span", {}, "–");
      const row = element("li", { "data-value": "" }, label, element("span", { class: "bar-track" }, fill, mark), value);
      return { row, label, fill, mark, value };
    });
    this.accuracy = rows();
    this.counts = rows();
    root.append(element("div", { class: "per-digit" },
      element("section", {}, element("h3", {}, "Predicted correctly, of the test images of each class"), element("ol", { class: "bars", "data-testid": "per-class" }, ...this.accuracy.map(({ row }) => row))),
      element("section", {}, element("h3", {}, "How often it is predicted; the mark: how many there are"), element("ol", { class: "bars", "data-testid": "distribution" }, ...this.counts.map(({ row }) => row)))));
    this.sets = element("p", { class: "soft" });
    root.append(this.sets);
  }

  /** @param {string[]} names */
  setNames(names) {
    for (const rows of [this.accuracy, this.counts]) {
      rows.forEach(({ label }, i) => (label.textContent = label.title = names[i] ?? String(i)));
      rows[0].row.parentElement?.classList.toggle("named", names.some((name) => name.length > 2));
    }
  }

  /**
   * @param {Report | null} evaluation
   * @param {Progress | null} progress
   */
  update(evaluation, progress) {
    this.accuracy.forEach(({ row, fill, value }, i) => {
      const share = evaluation?.per_class[i] ?? null;
      row.dataset.value = share === null ? "" : String(share);
      fill.style.transform = `scaleX(${share ?? 0})`;
      value.textContent = share === null ? "–" : percent(share);
    });
    const most = Math.max(1, ...(evaluation?.distribution ?? []), ...(evaluation?.truth ?? []));
    this.counts.forEach(({ row, fill, mark, value }, i) => {
      const count = evaluation?.distribution[i] ?? null;
      const truth = evaluation?.truth[i] ?? 0;
      row.dataset.value = count === null ? "" : String(count);
      row.title = count === null ? "" : `predicted ${integer(count)} times, actual count ${integer(truth)}`;
      fill.style.transform = `scaleX(${(count ?? 0) / most})`;
      mark.hidden = count === null;
      mark.style.left = `${(truth / most) * 100}%`;
      value.textContent = count === null ? "–" : integer(count);
    });
    const validation = progress?.validation_accuracy;
    this.sets.textContent = !evaluation ? "Not tested yet." : validation != null ? `Validation images ${percent(validation)}, test images ${percent(evaluation.accuracy)}.` : "";
  }
}
