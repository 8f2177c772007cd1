/** Training in slices, between which the page's requests are answered. */

/** How long one slice takes, in seconds: a prediction waits no longer than this. */
const SLICE = 0.018;
/** The same while somebody draws, whose strokes are to be answered at once; each slice costs a crossing of the border. */
const SHORT_SLICE = 0.004;
/** Milliseconds for which somebody who has moved the pen is taken to be drawing. */
const DRAWING = 300;
/** Milliseconds between two reports to the page: short slices are told of together, and those that it was too busy for. */
const REPORT = 16;
/** Milliseconds after which the next slice begins at the latest: see yieldToMessages. */
const MOST_WAIT = 2;

/** @param {ReturnType<typeof import("./bridge.js").createBridge>["call"]} call  a method of the Python session */
export function createTraining(call) {
  let isRunning = false;
  let drawnUntil = -Infinity;
  const channel = new MessageChannel();

  /**
   * Let in the messages that have arrived meanwhile: a message of our own is queued behind them. WebKit delivers it
   * only when the page's main thread is free, and training would wait for everything that is drawn.
   */
  const yieldToMessages = () => new Promise((resolve) => {
    const timer = setTimeout(resolve, MOST_WAIT);
    channel.port1.onmessage = () => {
      clearTimeout(timer);
      resolve(undefined);
    };
    channel.port2.postMessage(null);
  });

  return {
    /**
     * Train until the run is over or pause() is called.
     * @param {(progress: Progress) => unknown} onProgress  may return a promise: until it is settled no more is told
     * @returns {Promise<Progress>} the last progress
     */
    async train(onProgress) {
      isRunning = true;
      let { samples } = call("progress");
      /** @type {Progress | null} */
      let untold = null;
      let told = -Infinity;
      let isBusy = false;
      const tell = () => {
        if (!untold) return;
        const taken = onProgress(untold);
        if (taken instanceof Promise) {
          isBusy = true;
          taken.finally(() => (isBusy = false));
        }
        samples = untold.samples;
        untold = null;
        told = performance.now();
      };
      while (isRunning) {
        const isShort = performance.now() < drawnUntil;
        const progress = call("advance", isShort ? SHORT_SLICE : SLICE);
        if (progress.state !== "training") {
          tell();
          return progress;
        }
        untold = untold ? together(untold, progress, samples) : progress;
        if (!isBusy && (!isShort || performance.now() - told >= REPORT)) tell();
        await yieldToMessages();
      }
      tell();
      return call("pause");
    },

    /** Stop after the current slice. */
    pause() {
      isRunning = false;
    },

    /** Somebody moves the pen: answer soon. */
    hurry() {
      drawnUntil = performance.now() + DRAWING;
    },
  };
}

/**
 * The report of two slices in a row: the later one, with the mean figures of both.
 * @param {Progress} first
 * @param {Progress} second
 * @param {number} samples  trained before the first
 * @returns {Progress}
 */
function together(first, second, samples) {
  const [before, after] = [first.samples - samples, second.samples - first.samples];
  const mean = (/** @type {"slice_loss" | "slice_accuracy"} */ key) => {
    const [a, b] = [first[key], second[key]];
    if (before === 0 || after === 0) return before === 0 ? b : a; // nothing was trained in it: it tested
    return a === null || b === null ? null : (before * a + after * b) / (before + after);
  };
  return { ...second, slice_loss: mean("slice_loss"), slice_accuracy: mean("slice_accuracy") };
}
