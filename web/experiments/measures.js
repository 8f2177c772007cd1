/** What experiments measure when a run has ended, besides its curves. */

import { PIXELS, SIDE } from "../lib/digits.js";
import { emit } from "../lib/events.js";

/** @typedef {Record<string, number | string | null>} Measured */

/** Favourite images looked at of each unit; a digit that makes up this share of them is what a unit answers to. */
const FAVOURITES = 16;
const MOSTLY = 0.75;
/** Seconds that the network is taught at a time; drawing and pausing take their turn in between. */
const SLICE = 0.05;
/** Digits that are moved, and by how many pixels. */
const MOVED = 60;
const BY = 4;

/**
 * How often each value occurs.
 * @param {number[]} values
 */
function mostFrequent(values) {
  const counts = new Map();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best), [NaN, 0]);
}

/**
 * An image moved to the right; what leaves it is lost.
 * @param {Uint8Array} pixels
 * @param {number} by
 */
export function moved(pixels, by) {
  const result = new Uint8Array(PIXELS);
  for (let i = 0; i < PIXELS; i++) if (i % SIDE >= by) result[i] = pixels[i - by];
  return result;
}

/**
 * @param {Pick<import("../experiments.js").Context, "client" | "training" | "pad" | "network" | "page">} context
 * @returns {Record<string, (experiment: import("../lib/claims.js").Experiment) => Promise<Measured>>} by the names that the experiments use
 */
export function createMeasures({ client, training, pad, network, page }) {
  const { session } = client;

  /** Put strokes on an empty pad and have them read. @param {number[][][]} strokes */
  async function drawn(strokes) {
    if (!pad.empty) pad.clear();
    pad.draw(strokes);
    const { ink, height, width } = pad.ink();
    return session.predict(ink, height, width);
  }

  /**
   * Teach the network the drawings of an experiment, and say what it reads right before and after.
   * @param {import("../lib/claims.js").Experiment} experiment
   * @param {boolean} rehearse
   * @returns {Promise<Measured>}
   */
  async function taught({ teach = [] }, rehearse) {
    const images = new Uint8Array(teach.length * PIXELS);
    for (const [i, { strokes }] of teach.entries()) images.set((await drawn(strokes)).seen, i * PIXELS);
    await session.teach(images, teach.map(({ label }) => label), rehearse);
    let result = null;
    while (!result) ({ result } = await session.advance_teaching(SLICE));
    training.note(result.progress);
    await training.refresh();
    return { untaught_right: result.own_before, taught_right: result.own_after, before_test: result.test_before, after_test: result.test_after };
  }

  return {
    /** How many hidden units differ in their weights. */
    async units() {
      const { pixels, count } = await session.tiles(0, 128);
      const tiles = Array.from({ length: count }, (_, i) => pixels.subarray(i * PIXELS, (i + 1) * PIXELS).join());
      return { different_units: new Set(tiles).size };
    },

    /** The unit whose favourite test images agree most, which is opened, and how many units have no such digit. */
    async favourites() {
      let best = { unit: 0, digit: NaN, share: -1 };
      let mixed = 0;
      for (let unit = 0; unit < page.sizes.value[1]; unit++) {
        const { labels } = (await session.unit(0, unit, FAVOURITES)).exciting;
        const [digit, times] = mostFrequent(labels);
        const share = times / FAVOURITES;
        if (share < MOSTLY) mixed += 1;
        if (share > best.share) best = { unit, digit, share };
      }
      emit(network, "select", { layer: 0, index: best.unit });
      return { unit_number: best.unit + 1, unit_digit: page.classNames.value[best.digit] ?? null, unit_share: best.share, mixed_units: mixed };
    },

    /** What is read in a drawing, which stays on the pad. */
    async pad({ draw = [] }) {
      const { digit, probabilities } = await drawn(draw);
      return { pad_digit: digit === null ? null : page.classNames.value[digit], pad_confidence: digit === null ? null : probabilities[digit] };
    },

    /** What the drawings of the experiment do to the network when it is taught them alone, and together with training images. */
    taught: (experiment) => taught(experiment, false),
    rehearsed: (experiment) => taught(experiment, true),

    /** Of the digits that were read correctly, the share that still is when they are moved. */
    async shifted() {
      const readings = await session.examples(MOVED);
      const pixels = await session.images("test", readings.map(({ index }) => index));
      let right = 0;
      for (const [i, { label }] of readings.entries()) {
        const { digit } = await session.predict_pixels(moved(pixels.subarray(i * PIXELS, (i + 1) * PIXELS), BY));
        if (digit === label) right += 1;
      }
      return { still_right: readings.length ? right / readings.length : null };
    },
  };
}
