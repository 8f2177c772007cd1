/** Accuracy and loss as they change, on training and test data, with earlier runs behind them, and their legend. */

import { element, vector } from "../lib/dom.js";
import { loss, percent } from "../lib/format.js";
import { AXES, curvesOf, drawn, farthest, nearest, ticksOf, verticalRange, verticalTick, verticalTitle } from "../lib/curve-data.js";
import { curvesSvg } from "../lib/curves-svg.js";
import { placeLabels } from "../lib/curve-marks.js";
import { changeText } from "../lib/run-labels.js";
import { canvasType, colour, css, scheme } from "../lib/theme.js";
import uPlot from "uplot";

/** @typedef {import("../lib/history.js").RunRecord} RunRecord */
/** @typedef {import("../lib/history.js").Axis} Axis */
/** @typedef {import("../lib/curve-data.js").Curve} Curve */
/** @typedef {import("../lib/curve-data.js").Quantity} Quantity */
/** @typedef {import("../lib/curve-marks.js").Mark} Mark */

/** Distances between the marks of the horizontal axis. */
const STEPS = [-1, 0, 1, 2, 3, 4, 5, 6, 7, 8].flatMap((power) => [1, 2, 5].map((step) => Number(`${step}e${power}`)));
/** Points up to which each is marked, so that a single one is seen. */
const FEW = 24;

/** @param {string} name */
const color = (name) => css(colour(name));

class Chart {
  /** @type {uPlot | null} */
  #plot = null;
  #signature = "";
  /** @type {Curve[]} */
  #curves = [];
  /** @type {Axis} */
  #axis = "position";
  #x = /** @type {[number, number]} */ ([0, 8]);
  /** What to look at. @type {Mark[]} */
  marks = [];

  /**
   * @param {Quantity} quantity
   * @param {(at: number | null) => void} onCursor  is told the place on the horizontal axis
   */
  constructor(quantity, onCursor) {
    this.quantity = quantity;
    this.onCursor = onCursor;
    this.root = element("div", { class: quantity === "accuracy" ? "chart tall" : "chart" });
    this.caption = element("figcaption");
    this.figure = element("figure", {}, this.caption, this.root);
    this.range = verticalRange(quantity, []);
  }

  get isPointedAt() {
    return this.#plot?.cursor.idx != null;
  }

  #size() {
    return { width: Math.max(160, this.root.clientWidth), height: Math.max(80, this.root.clientHeight) };
  }

  #make() {
    this.#plot?.destroy();
    const soft = color("--soft");
    const grid = { stroke: color("--line"), width: 1 };
    const font = `${canvasType(11)}px ${getComputedStyle(document.body).fontFamily}`;
    const { tick } = AXES[this.#axis];
    this.#plot = new uPlot(
      {
        ...this.#size(),
        padding: [8, 14, 0, 0],
        legend: { show: false },
        cursor: { drag: { x: false, y: false }, y: false, points: { size: 7 }, sync: { key: "digitnet" } },
        scales: {
          x: { time: false, range: () => this.#x },
          y: { distr: this.range.isLog ? 3 : 1, log: 10, range: () => [this.range.min, this.range.max] },
        },
        axes: [
          { stroke: soft, font, grid: { show: false }, ticks: { show: false }, size: 2 * canvasType(11), gap: 4, space: 60, incrs: STEPS,
            values: (_, ticks) => ticks.map(tick) },
          { stroke: soft, font, grid, ticks: { show: false }, size: 4 * canvasType(11), gap: 6,
            splits: () => ticksOf(this.range, this.quantity === "accuracy" ? 5 : 4), filter: (_, ticks) => ticks,
            values: (_, ticks) => ticks.map((value) => verticalTick(this.quantity, value)) },
        ],
        series: [
          {},
          // uPlot draws in a microtask: when it comes, another plot with fewer curves may have taken this one's place
          ...this.#curves.map(({ color: name, dash, width }, i) => ({
            stroke: color(name), width, dash,
            points: { show: () => (this.#curves[i]?.points.length ?? 0) <= (name === "--accent" ? FEW : 1), size: 4, fill: color(name) },
          })),
        ],
        hooks: {
          setCursor: [(plot) => this.onCursor(plot.cursor.idx == null ? null : Number(plot.data[0][plot.cursor.idx]))],
          draw: [(plot) => this.#markChanges(plot), (plot) => this.#drawMarks(plot)],
        },
      },
      [[]],
      this.root,
    );
  }

  /**
   * A vertical line where settings changed in mid-run.
   * @param {uPlot} plot
   */
  #markChanges({ ctx: context, bbox: box, valToPos }) {
    context.save();
    context.lineWidth = devicePixelRatio;
    context.setLineDash([2, 3].map((length) => length * devicePixelRatio));
    for (const { run, color: name } of this.#curves) {
      if (name === "--train") continue;
      context.strokeStyle = color(name);
      for (const change of run.changes) {
        const x = valToPos(change[this.#axis], "x", true);
        context.beginPath();
        context.moveTo(x, box.top);
        context.lineTo(x, box.top + box.height);
        context.stroke();
      }
    }
    context.restore();
  }

  /**
   * A ring where there is something to look at, and a label beside it.
   * @param {uPlot} plot
   */
  #drawMarks({ ctx: context, bbox: box, valToPos }) {
    const shown = this.marks.filter(({ run }) => this.#curves.some((curve) => curve.run === run));
    if (!shown.length) return;
    const size = canvasType(11) * devicePixelRatio;
    context.save();
    context.font = `600 ${size}px ${getComputedStyle(document.body).fontFamily}`;
    context.textBaseline = "middle";
    context.textAlign = "left";
    const labels = shown.map(({ point, text }) => ({
      x: valToPos(point[this.#axis], "x", true), y: valToPos(drawn(point[this.quantity], this.range.isLog), "y", true),
      width: context.measureText(text).width,
    }));
    const places = placeLabels(labels, size * 1.2, box);
    shown.forEach(({ text }, i) => {
      const { left, top, height } = places[i];
      context.lineWidth = 2 * devicePixelRatio;
      context.strokeStyle = color("--text");
      context.beginPath();
      context.arc(labels[i].x, labels[i].y, 4 * devicePixelRatio, 0, 2 * Math.PI);
      context.stroke();
      context.lineWidth = 3 * devicePixelRatio;
      context.strokeStyle = color("--card");
      context.strokeText(text, left, top + height / 2);
      context.fillStyle = color("--text");
      context.fillText(text, left, top + height / 2);
    });
    context.restore();
  }

  /**
   * @param {Curve[]} curves
   * @param {Axis} axis
   * @param {number} end  of the horizontal axis
   */
  update(curves, axis, end) {
    this.#curves = curves;
    this.#axis = axis;
    this.#x = [0, end];
    this.range = verticalRange(this.quantity, curves);
    const { isLog } = this.range;
    this.caption.textContent = `${verticalTitle(this.quantity, isLog)} over ${AXES[axis].label}`;
    const signature = `${axis} ${isLog} ${scheme()} ${canvasType(11)} ${curves.map((curve) => curve.color).join()}`;
    if (!this.#plot || signature !== this.#signature) this.#make();
    this.#signature = signature;
    const table = (/** @type {Curve} */ { points }) =>
      [points.map((point) => point[axis]), points.map((point) => drawn(point[this.quantity], isLog))];
    this.#plot?.setData(curves.length ? uPlot.join(/** @type {uPlot.AlignedData[]} */ (curves.map(table))) : [[]]);
  }

  resize() {
    this.#plot?.setSize(this.#size());
  }
}

export class Curves {
  /** @type {RunRecord | null} */
  #run = null;
  /** @type {RunRecord[]} */
  #earlier = [];
  /** @type {Axis} */
  #axis = "position";
  /** What the legend says, to tell whether it has changed. */
  #legendShown = "";

  /**
   * @param {HTMLElement} root
   * @param {HTMLElement} axisRoot  where the horizontal axis is chosen
   */
  constructor(root, axisRoot) {
    const show = (/** @type {number | null} */ at) => this.#showLegend(at);
    this.charts = [new Chart("accuracy", show), new Chart("loss", show)];
    this.legend = element("ul", { class: "legend", "aria-label": "Curves" });
    this.marks = element("ul", { class: "unseen", "data-testid": "marks", "aria-label": "What to look at" });
    root.replaceChildren(this.legend, this.marks, ...this.charts.map(({ figure }) => figure));
    axisRoot.append(this.#axisSwitch());
    new ResizeObserver(() => this.charts.forEach((chart) => chart.resize())).observe(root);
    this.redraw();
  }

  #axisSwitch() {
    const switches = element("fieldset", { class: "axis" }, element("legend", { class: "unseen" }, "Horizontal axis"));
    const names = { position: "epochs", samples: "images", seconds: "seconds" };
    for (const [axis, name] of Object.entries(names)) {
      const input = element("input", { type: "radio", name: "axis", value: axis, checked: axis === this.#axis });
      input.addEventListener("change", () => {
        this.#axis = /** @type {Axis} */ (axis);
        this.redraw();
      });
      switches.append(element("label", { title: AXES[/** @type {Axis} */ (axis)].label }, input, element("span", {}, name)));
    }
    return switches;
  }

  /**
   * @param {RunRecord} run
   * @param {RunRecord[]} earlier  runs to draw behind it
   */
  update(run, earlier) {
    this.#run = run;
    this.#earlier = earlier;
    this.redraw();
  }

  /** @param {Mark[]} marks  what to look at */
  setMarks(marks) {
    for (const chart of this.charts) chart.marks = marks.filter((mark) => mark.chart === chart.quantity);
    this.marks.replaceChildren(...marks.map(({ run, chart, point, text }) =>
      element("li", { "data-run": run.id, "data-chart": chart, "data-position": point.position, "data-value": point[chart] },
        `${run.label}, ${chart} at ${AXES.position.text(point.position)}: ${text}`)));
    this.redraw();
  }

  redraw() {
    const run = this.#run;
    const curves = run ? curvesOf(run, this.#earlier) : [];
    const end = farthest(run ? [run, ...this.#earlier] : [], this.#axis);
    for (const chart of this.charts) chart.update(curves, this.#axis, end);
    if (!this.charts.some((chart) => chart.isPointedAt)) this.#showLegend(null);
  }

  /** The curves as an SVG with title, axes, legend and marks, on paper of the page's colour. */
  svg() {
    const marks = this.charts.flatMap((chart) => chart.marks);
    return this.#run ? curvesSvg({ run: this.#run, earlier: this.#earlier, axis: this.#axis, marks, color }) : "";
  }

  /**
   * @param {Curve} curve
   * @param {number} at
   */
  #valuesAt({ run, points, color: name }, at) {
    const axis = this.#axis;
    const close = farthest([run], axis) / 60;
    const changes = name === "--train" ? [] : run.changes.filter((change) => Math.abs(change[axis] - at) < close);
    if (changes.length) return changes.map(changeText).join(", ");
    if (!points.length) return "";
    const point = nearest(points, axis, at);
    return `${AXES[axis].text(point[axis])}: ${percent(point.accuracy)}, loss ${loss(point.loss)}`;
  }

  /** @param {number | null} at  the place on the horizontal axis that is pointed at */
  #showLegend(at) {
    const curves = this.#run ? curvesOf(this.#run, this.#earlier).reverse() : [];
    const texts = curves.map((curve) => (at === null ? curve.note : this.#valuesAt(curve, at)));
    const shown = JSON.stringify(curves.map(({ label, note, color: name, dash, width }, i) => [label, note, name, dash, width, texts[i]]));
    if (shown === this.#legendShown) return; // as for most frames of a run
    this.#legendShown = shown;
    const entries = curves.map(({ label, note, color: name, dash, width }, i) => {
      const swatch = vector("svg", { width: 26, height: 8, "aria-hidden": "true" },
        vector("path", { d: "M0 4h26", fill: "none", stroke: `var(${name})`, "stroke-width": width, "stroke-dasharray": dash.join(" ") }));
      return element("li", { title: note ? `${label} (${note})` : label }, swatch, element("b", {}, label), element("span", {}, texts[i]));
    });
    this.legend.replaceChildren(...entries);
  }
}
