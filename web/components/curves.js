/** Accuracy and loss as they grow, on training and test data, with earlier runs behind them. */

import { element } from "../lib/dom.js";
import { duration, integer, percent } from "../lib/format.js";
import { colour, css, isDark } from "../lib/theme.js";
import uPlot from "uplot";

/** @typedef {import("../lib/history.js").Run} Run */
/** @typedef {import("../lib/history.js").Point} Point */
/** @typedef {import("../lib/history.js").Axis} Axis */

/** @type {Record<Axis, {label: string, text: (x: number) => string}>} */
const AXES = {
  position: { label: "epochs", text: (x) => `epoch ${x.toFixed(1)}` },
  samples: { label: "digits seen", text: (x) => `${integer(x)} digits` },
  seconds: { label: "seconds", text: duration },
};

/** Distances between the marks of the horizontal axis. */
const STEPS = [-1, 0, 1, 2, 3, 4, 5, 6, 7, 8].flatMap((power) => [1, 2, 5].map((step) => Number(`${step}e${power}`)));

const DASHES = [[6, 4], [2, 3], [10, 4], [6, 3, 2, 3], [12, 3, 3, 3]];

/**
 * The lower end of the accuracy axis: as high as it can be and still show what matters.
 * @param {number} best
 */
const floor = (best) => (best > 0.8 ? 0.6 : best > 0.5 ? 0.3 : 0);

/**
 * The upper end of the loss axis, likewise.
 * @param {number} best
 */
const ceiling = (best) => (best < 0.2 ? 0.8 : best < 0.6 ? 1.2 : 2.5);

class Chart {
  /**
   * @param {HTMLElement} root
   * @param {"accuracy" | "loss"} quantity
   * @param {(index: number | null | undefined, chart: uPlot) => void} onCursor
   */
  constructor(root, quantity, onCursor) {
    this.root = root;
    this.quantity = quantity;
    this.onCursor = onCursor;
    this.signature = "";
    this.hasFewTests = true;
    /** @type {uPlot | null} */
    this.plot = null;
    this.range = { x: [0, 8], y: quantity === "accuracy" ? [0, 1] : [0, 2.5] };
  }

  /**
   * @param {Run[]} earlier
   * @param {Axis} axis
   */
  #make(earlier, axis) {
    this.plot?.destroy();
    const soft = css(colour("--soft"));
    const grid = { stroke: css(colour("--line")), width: 1 };
    const accent = colour("--accent");
    const isAccuracy = this.quantity === "accuracy";
    const font = `11px ${getComputedStyle(document.body).fontFamily}`;
    this.plot = new uPlot(
      {
        width: Math.max(160, this.root.clientWidth),
        height: Math.max(80, this.root.clientHeight),
        padding: [8, 14, 0, 0],
        legend: { show: false },
        cursor: { drag: { x: false, y: false }, y: false, points: { size: 7 }, sync: { key: "digitnet" } },
        scales: {
          x: { time: false, range: () => /** @type {[number, number]} */ (this.range.x) },
          y: { range: () => /** @type {[number, number]} */ (this.range.y) },
        },
        axes: [
          { stroke: soft, font, grid: { show: false }, ticks: { show: false }, size: 22, gap: 4, space: 60, incrs: STEPS,
            values: (_, ticks) => ticks.map((tick) => (axis === "samples" ? integer(tick) : String(tick))) },
          { stroke: soft, font, grid, ticks: { show: false }, size: 40, gap: 6, space: 26,
            values: (_, ticks) => ticks.map((tick) => (isAccuracy ? `${Math.round(tick * 100)} %` : String(Number(tick.toFixed(2))))) },
        ],
        series: [
          {},
          ...earlier.map((_, i) => ({ stroke: css(colour("--soft"), 0.75), width: 1.25, dash: DASHES[i % DASHES.length], points: { show: false } })),
          { stroke: css(colour("--train")), width: 1.5, points: { show: false } },
          { stroke: css(accent), width: 2.25, points: { show: () => this.hasFewTests, size: 4, fill: css(accent) } },
        ],
        hooks: { setCursor: [(plot) => this.onCursor(plot.cursor.idx, plot)] },
      },
      [[]],
      this.root,
    );
  }

  /**
   * @param {Run | null} run
   * @param {Run[]} earlier
   * @param {Axis} axis
   * @param {[number, number]} x
   */
  update(run, earlier, axis, x) {
    const signature = `${axis} ${earlier.map(({ id }) => id).join()} ${isDark()}`;
    if (!this.plot || signature !== this.signature) this.#make(earlier, axis);
    this.signature = signature;
    const plot = /** @type {uPlot} */ (this.plot);
    const { quantity } = this;
    const table = (/** @type {Point[]} */ points) => [points.map((point) => point[axis]), points.map((point) => point[quantity])];
    const past = earlier.map((old) => table(old.test.length > 1 ? old.test : old.train));
    const tables = [...past, table(run?.train ?? []), table(run?.test ?? [])];
    this.hasFewTests = (run?.test.length ?? 0) <= 24;
    const best = tables.flatMap(([, values]) => values);
    if (quantity === "accuracy") this.range = { x, y: [floor(Math.max(0, ...best)), 1] };
    else this.range = { x, y: [0, ceiling(Math.min(Infinity, ...best))] };
    plot.setData(uPlot.join(/** @type {uPlot.AlignedData[]} */ (tables)));
  }

  resize() {
    this.plot?.setSize({ width: Math.max(160, this.root.clientWidth), height: Math.max(80, this.root.clientHeight) });
  }
}

export class Curves {
  /** @type {Run | null} */
  #run = null;
  /** @type {Run[]} */
  #earlier = [];
  /** @type {Axis} */
  #axis = "position";

  /**
   * @param {HTMLElement} root
   * @param {HTMLElement} axisRoot  where the horizontal axis is chosen
   */
  constructor(root, axisRoot) {
    this.readout = element("p", { class: "readout", title: "accuracy · loss; point at a curve to read it" });
    const accuracy = element("div", { class: "chart tall" });
    const lossChart = element("div", { class: "chart" });
    const switches = element("fieldset", { class: "axis" }, element("legend", { class: "unseen" }, "Horizontal axis"));
    for (const [axis, { label }] of Object.entries(AXES)) {
      const input = element("input", { type: "radio", name: "axis", value: axis, checked: axis === this.#axis });
      input.addEventListener("change", () => {
        this.#axis = /** @type {Axis} */ (axis);
        this.redraw();
      });
      switches.append(element("label", {}, input, element("span", {}, label)));
    }
    root.replaceChildren(
      this.readout,
      element("figure", {}, element("figcaption", {}, "accuracy"), accuracy),
      element("figure", {}, element("figcaption", {}, "loss"), lossChart));
    axisRoot.append(switches);
    const read = (/** @type {number | null | undefined} */ index) => this.#read(index);
    this.charts = [new Chart(accuracy, "accuracy", read), new Chart(lossChart, "loss", read)];
    new ResizeObserver(() => this.charts.forEach((chart) => chart.resize())).observe(root);
    this.redraw();
  }

  /**
   * @param {Run} run
   * @param {Run[]} earlier  runs to draw behind it
   */
  update(run, earlier) {
    this.#run = run;
    this.#earlier = earlier;
    this.redraw();
  }

  redraw() {
    const x = /** @type {[number, number]} */ ([0, this.#farthest()]);
    for (const chart of this.charts) chart.update(this.#run, this.#earlier, this.#axis, x);
    if (this.charts[0].plot?.cursor.idx == null) this.#read(null);
  }

  /** The charts as one PNG, on paper of the page's colour. */
  png() {
    const canvases = this.charts.flatMap(({ plot }) => (plot ? [plot.ctx.canvas] : []));
    const width = Math.max(...canvases.map((canvas) => canvas.width));
    const height = canvases.reduce((sum, canvas) => sum + canvas.height + 30, 0);
    const sheet = element("canvas", { width, height });
    const context = /** @type {CanvasRenderingContext2D} */ (sheet.getContext("2d"));
    context.fillStyle = css(colour("--card"));
    context.fillRect(0, 0, width, height);
    context.fillStyle = css(colour("--text"));
    context.font = `${13 * devicePixelRatio}px system-ui, sans-serif`;
    let y = 0;
    this.charts.forEach(({ quantity }, i) => {
      context.fillText(quantity, 6, y + 20);
      context.drawImage(canvases[i], 0, y + 30);
      y += canvases[i].height + 30;
    });
    return sheet;
  }

  #farthest() {
    const runs = [this.#run, ...this.#earlier].filter((run) => run !== null);
    const axis = this.#axis;
    const ends = runs.map((run) => {
      const end = run.last?.[axis] ?? 0;
      if (axis === "position") return Math.max(run.epochs, end);
      if (axis === "samples" && run.last && run.last.position > 0) return (run.last.samples / run.last.position) * Math.max(run.epochs, run.last.position);
      return end;
    });
    return Math.max(axis === "position" ? 1 : 2, ...(runs.length ? ends : [8]));
  }

  /** @param {number | null | undefined} index  of the column under the cursor, or null for the newest values */
  #read(index) {
    const run = this.#run;
    const axis = this.#axis;
    const plot = this.charts[0].plot;
    const at = index == null || !plot ? null : Number(plot.data[0][index]);
    const nearest = (/** @type {Point[]} */ points) => {
      if (at === null || !points.length) return points[points.length - 1];
      return points.reduce((best, point) => (Math.abs(point[axis] - at) < Math.abs(best[axis] - at) ? point : best));
    };
    const train = run && nearest(run.train);
    const test = run && nearest(run.test);
    const where = at ?? run?.last?.[axis] ?? 0;
    const part = (/** @type {string} */ name, /** @type {Point | null | undefined} */ point) =>
      element("span", { class: name }, `${name === "train" ? "train" : "unseen"} `,
        element("b", {}, point ? percent(point.accuracy) : "–"), ` · ${point ? point.loss.toFixed(3) : "–"}`);
    this.readout.replaceChildren(part("train", train), part("test", test), element("span", { class: "where" }, AXES[axis].text(where)));
  }
}
