/** What is kept of a run: its settings and their changes, and its curves, thinned as they grow. */

/** A point of the training curve stands for at least this many seconds of training. */
const GRAIN = 0.03;
/** … and at least this many images: fewer would show the noise of single batches. */
const FEWEST = 500;
/** Points kept of each curve. */
const MOST = 500;

/** @typedef {"position" | "samples" | "seconds"} Axis */
/** @typedef {{position: number, samples: number, seconds: number, loss: number, accuracy: number, weight: number}} Point */
/** @typedef {{step: number, key: string, value: string | number | null, position: number, samples: number, seconds: number}} Change */
/** @typedef {Pick<Progress, "state" | "epoch" | "step" | "samples" | "seconds" | "position" | "train_loss" | "train_accuracy" | "test_loss" | "test_accuracy" | "tested_at">} Reached */

/** What counts on when a run goes on with a network that was stored. */
const COUNTERS = /** @type {const} */ (["epoch", "step", "samples", "seconds", "position"]);

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

export class RunRecord {
  /**
   * @param {Settings} settings  when the run begins
   * @param {number} id
   */
  constructor(settings, id) {
    this.id = id;
    this.name = "";
    /** The experiment that it is a run of, or empty. */
    this.experiment = "";
    this.settings = settings;
    this.shown = true;
    this.epochs = settings.epochs;
    /** Whether the code that trains is as published. @type {"original" | "edited"} */
    this.code = "original";
    /** Where the run stands. @type {Reached | null} */
    this.last = null;
    /** @type {Change[]} */
    this.noted = [];
    /** @type {Point[]} */
    this.train = [];
    /** @type {Point[]} */
    this.test = [];
    /** @type {Point[]} */
    this.waiting = [];
    this.grain = GRAIN;
    /** What had been reached before the stored network was brought back. */
    this.before = { epoch: 0, step: 0, samples: 0, seconds: 0, position: 0 };
  }

  get label() {
    return this.name || `Run ${this.id}`;
  }

  /** Whether there is anything to draw. */
  get started() {
    return this.train.length > 0 || this.test.length > 0;
  }

  /** Changes in mid-run. One after the end of the run is none until it trains on. */
  get changes() {
    const { last } = this;
    const isUnderWay = last?.state === "training" || last?.state === "paused";
    return this.noted.filter(({ step }) => last && (step < last.step || (step === last.step && isUnderWay)));
  }

  /** The settings as they are after all changes. */
  get settingsNow() {
    return /** @type {Settings} */ ({ ...this.settings, ...Object.fromEntries(this.noted.map(({ key, value }) => [key, value])) });
  }

  /** The settings that the run began with, and by step those that differed from them from there on. */
  get course() {
    /** @type {Record<string, Partial<Settings>>} */
    const changes = {};
    for (const { step } of this.noted) {
      const later = this.noted.filter((change) => change.step <= step);
      changes[step] = Object.fromEntries(later.map(({ key, value }) => [key, value]));
    }
    return { beganWith: this.settings, changes };
  }

  /**
   * Settings have changed and the network stays. Before the first step they are the settings that the run begins with.
   * @param {Partial<Settings>} changes
   */
  change(changes) {
    if (!this.last || this.last.step === 0) {
      this.settings = { ...this.settings, ...changes };
      return;
    }
    const { step, position, samples, seconds } = this.last;
    for (const [key, value] of Object.entries(changes)) {
      this.noted = this.noted.filter((change) => change.key !== key || change.step !== step);
      if (this.settingsNow[/** @type {keyof Settings} */ (key)] !== value) {
        this.noted.push({ step, key, value, position, samples, seconds });
      }
    }
  }

  /** @param {Progress} progress */
  add(progress) {
    const reached = this.#reached(progress);
    const weight = reached.samples - (this.last?.samples ?? 0);
    const { position, samples, seconds } = reached;
    if (progress.slice_loss !== null && progress.slice_accuracy !== null && weight > 0) {
      this.waiting.push({ position, samples, seconds, loss: progress.slice_loss, accuracy: progress.slice_accuracy, weight });
    }
    this.#addTraining(progress, seconds);
    const { tested_at: at, test_loss: loss, test_accuracy: accuracy } = reached;
    const newest = this.test[this.test.length - 1];
    if (at !== null && loss !== null && accuracy !== null && (!newest || newest.position < at)) {
      this.test.push({ position: at, samples, seconds, loss, accuracy, weight: 1 });
      if (this.test.length > 2 * MOST) this.test = this.test.filter((_, i) => i % 2 === 1);
    }
    this.epochs = progress.epochs_target + this.before.epoch;
    this.last = reached;
  }

  /**
   * @param {Progress} progress
   * @param {number} seconds
   */
  #addTraining(progress, seconds) {
    if (!this.waiting.length) return;
    const before = this.train[this.train.length - 1];
    const isLast = progress.state !== "training";
    const images = this.waiting.reduce((sum, { weight }) => sum + weight, 0);
    const isEnough = seconds - (before?.seconds ?? 0) >= this.grain && images >= Math.min(FEWEST, progress.training_images);
    if (!isLast && !isEnough) return;
    const point = merge(this.waiting);
    // a few images more are too few for a point of their own
    if (before && isLast && point.weight < before.weight / 2) this.train[this.train.length - 1] = merge([before, point]);
    else this.train.push(point);
    this.waiting = [];
    if (this.train.length > MOST) this.#thin();
  }

  #thin() {
    /** @type {Point[]} */
    const thinner = [];
    for (let i = 0; i < this.train.length; i += 2) thinner.push(merge(this.train.slice(i, i + 2)));
    this.train = thinner;
    this.grain *= 2;
  }

  /**
   * @param {Progress} progress
   * @returns {Reached}
   */
  #reached({ state, epoch, step, samples, seconds, position, train_loss, train_accuracy, test_loss, test_accuracy, tested_at }) {
    const counted = { epoch, step, samples, seconds, position };
    for (const key of COUNTERS) counted[key] += this.before[key];
    return { state, ...counted, train_loss, train_accuracy, test_loss, test_accuracy, tested_at: tested_at === null ? null : tested_at + this.before.position };
  }

  /**
   * A record of the same run from here on, because other code trains it.
   * @param {"original" | "edited"} code
   * @param {number} id
   */
  continued(code, id) {
    const record = new RunRecord(this.settingsNow, id);
    Object.assign(record, { code, last: this.last, before: { ...this.before }, epochs: this.epochs });
    if (code === "edited") record.name = "my version";
    return record;
  }

  /** The run goes on with its network, which was stored and counts from 0 again. */
  resume() {
    if (!this.last) return;
    for (const key of COUNTERS) this.before[key] = this.last[key];
  }

  /** The record as plain data, to be stored. */
  toPlain() {
    const { id, name, experiment, code, settings, shown, epochs, last, noted, train, test, grain, before } = this;
    return structuredClone({ id, name, experiment, code, settings, shown, epochs, last, noted, train, test, grain, before });
  }

  /**
   * A record from what was stored, or null where that is spoilt.
   * @param {any} plain
   * @returns {RunRecord | null}
   */
  static fromPlain(plain) {
    if (!isWhole(plain)) return null;
    const record = new RunRecord(plain.settings, plain.id);
    const { name, shown, epochs, last, noted, train, test, grain, before } = plain;
    record.code = plain.code === "edited" ? "edited" : "original";
    record.experiment = typeof plain.experiment === "string" ? plain.experiment : "";
    return Object.assign(record, { name, shown, epochs, last, noted, train, test, grain, before });
  }
}

/** @param {any} value */
const isPlainObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Whether an object has a number under each of these keys.
 * @param {any} value
 * @param {readonly string[]} keys
 */
const hasNumbers = (value, keys) => isPlainObject(value) && keys.every((key) => Number.isFinite(value[key]));

/** @param {any} points */
const areThinned = (points) => Array.isArray(points) && points.length <= 2 * MOST
  && points.every((point) => hasNumbers(point, ["position", "samples", "seconds", "loss", "accuracy", "weight"]));

/** @param {any} plain */
function isWhole(plain) {
  return hasNumbers(plain, ["id", "epochs", "grain"]) && typeof plain.name === "string" && typeof plain.shown === "boolean"
    && isPlainObject(plain.settings) && hasNumbers(plain.last, COUNTERS) && hasNumbers(plain.before, COUNTERS)
    && Array.isArray(plain.noted) && plain.noted.every((/** @type {any} */ change) => hasNumbers(change, ["step", "position", "samples", "seconds"]) && typeof change.key === "string")
    && areThinned(plain.train) && areThinned(plain.test);
}
