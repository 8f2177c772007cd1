/** The curves of a run, thinned as they grow so that a run of any length stays quick to draw. */

/** A point of the training curve stands for at least this many seconds of training. */
const GRAIN = 0.03;
/** … and at least this many digits, or the curve would show the luck of the draw. */
const FEWEST = 500;
const MOST = 500;

/** @typedef {"position" | "samples" | "seconds"} Axis */
/** @typedef {{position: number, samples: number, seconds: number, loss: number, accuracy: number, weight: number}} Point */

/**
 * The mean of neighbouring points, weighted by their samples, placed where the last one is.
 * @param {Point[]} points
 * @returns {Point}
 */
function merge(points) {
  const weight = points.reduce((sum, point) => sum + point.weight, 0);
  const mean = (/** @type {"loss" | "accuracy"} */ key) =>
    points.reduce((sum, point) => sum + point[key] * point.weight, 0) / weight;
  return { ...points[points.length - 1], loss: mean("loss"), accuracy: mean("accuracy"), weight };
}

let count = 0;

export class Run {
  /** @param {Settings} settings */
  constructor(settings) {
    this.id = ++count;
    this.name = "";
    this.settings = settings;
    this.shown = true;
    this.epochs = settings.epochs;
    /** @type {Progress | null} */
    this.last = null;
    /** @type {Point[]} */
    this.train = [];
    /** @type {Point[]} */
    this.test = [];
    /** @type {Point[]} */
    this.waiting = [];
    this.grain = GRAIN;
  }

  /** Whether there is anything to draw. */
  get started() {
    return this.train.length > 0 || this.test.length > 0;
  }

  /** @param {Progress} progress */
  add(progress) {
    const weight = progress.samples - (this.last?.samples ?? 0);
    const { position, samples, seconds } = progress;
    if (progress.slice_loss !== null && progress.slice_accuracy !== null && weight > 0) {
      this.waiting.push({ position, samples, seconds, loss: progress.slice_loss, accuracy: progress.slice_accuracy, weight });
    }
    const since = this.train[this.train.length - 1]?.seconds ?? 0;
    const isLast = progress.state !== "training";
    const digits = this.waiting.reduce((sum, { weight: some }) => sum + some, 0);
    const isEnough = seconds - since >= this.grain && digits >= Math.min(FEWEST, progress.training_images);
    if (this.waiting.length && (isLast || isEnough)) {
      const point = merge(this.waiting);
      const before = this.train[this.train.length - 1];
      // a few samples more are too few for a point of their own
      if (before && isLast && point.weight < before.weight / 2) this.train[this.train.length - 1] = merge([before, point]);
      else this.train.push(point);
      this.waiting = [];
      if (this.train.length > MOST) this.#thin();
    }
    const { tested_at: at, test_loss: loss, test_accuracy: accuracy } = progress;
    if (at !== null && loss !== null && accuracy !== null) {
      const newest = this.test[this.test.length - 1];
      if (!newest || newest.position < at) this.test.push({ position: at, samples, seconds, loss, accuracy, weight: 1 });
      if (this.test.length > 2 * MOST) this.test = this.test.filter((_, i) => i % 2 === 1);
    }
    this.epochs = progress.epochs_target;
    this.last = progress;
  }

  #thin() {
    /** @type {Point[]} */
    const thinner = [];
    for (let i = 0; i < this.train.length; i += 2) thinner.push(merge(this.train.slice(i, i + 2)));
    this.train = thinner;
    this.grain *= 2;
  }
}

/** @param {string | number | null} value */
const field = (value) => {
  const text = value === null ? "" : String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/**
 * The table of runs as CSV: settings, and how far each got.
 * @param {Run[]} runs
 */
export function runsCsv(runs) {
  const settings = /** @type {(keyof Settings)[]} */ (Object.keys(runs[0]?.settings ?? {}));
  const results = /** @type {const} */ (["epoch", "step", "samples", "seconds", "train_loss", "train_accuracy", "test_loss", "test_accuracy"]);
  const head = ["run", "name", ...settings, ...results];
  const rows = runs.map((run) => [run.id, run.name, ...settings.map((key) => run.settings[key]), ...results.map((key) => run.last?.[key] ?? null)]);
  return [head, ...rows].map((row) => row.map(field).join(",")).join("\r\n") + "\r\n";
}
