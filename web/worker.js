/** Runs Python away from the page, and offers the page what is in `api`. */

import * as Comlink from "comlink";
import { boot } from "./worker/boot.js";
import { transferred } from "./worker/bridge.js";
import { createTraining } from "./worker/train.js";

const SITE = new URL("../", import.meta.url); // this file lies in the folder of its version

const { booting, onStage, loadAllTraining, loadTest, loadWorkshop } = boot(SITE);
/** What has been started. @type {Awaited<typeof booting>} */
let started;
const training = createTraining((...call) => started.call(...call));

/** The session's methods that use the test images. @type {Set<keyof Session>} */
const TESTING = new Set(["advance", "step", "evaluation", "examples", "cell", "samples", "images", "unit"]);

/**
 * Wait for what a method of the session needs that does not come with the start.
 * @param {keyof Session} method
 * @param {unknown[]} args
 */
async function needed(method, args) {
  if (started.workshopMethods.has(method)) await loadWorkshop();
  const isTesting = TESTING.has(method) || (method === "save" && args[0] !== false);
  if (isTesting) await loadTest();
  if (method === "load") await loadTest().catch(() => undefined); // a network is not lost because it can't be tested
}

const api = {
  /** The methods of the Python session. One that brings another network ends the training. */
  session: new Proxy({}, {
    get: (_, /** @type {keyof Session} */ method) => async (/** @type {any} */ ...args) => {
      await needed(method, args);
      const answer = /** @type {any} */ (started.call(method, ...args));
      if (answer?.new_network) training.pause();
      return transferred(answer);
    },
  }),

  /** A sign of life. */
  ping: () => true,

  /**
   * Wait until everything is ready.
   * @param {{kernel: "simd" | "numpy"}} options
   * @param {(stage: Stage) => unknown} report
   */
  async boot({ kernel }, report) {
    onStage(report);
    started = await booting;
    return { ...started.versions, ...started.useKernel(kernel), description: started.call("describe") };
  },

  /** @param {Parameters<typeof training.train>[0]} onProgress */
  async train(onProgress) {
    await loadTest();
    return training.train(onProgress);
  },
  pause: training.pause,
  hurry: training.hurry,

  /**
   * Fetch the test images, once.
   * @param {(stage: Stage) => unknown} report
   * @returns {Promise<Progress>} with what a network that came trained reaches on them
   */
  async loadTest(report) {
    await loadTest(report);
    return started.call("progress");
  },

  /**
   * Fetch the training images that do not come with the page, once.
   * @param {(stage: Stage) => unknown} report
   * @returns {Promise<number>} training images that are there now
   */
  async loadAllTraining(report) {
    await loadAllTraining(report);
    return started.call("describe").training_available;
  },

  /** @param {"simd" | "numpy"} name */
  setKernel: (name) => started.useKernel(name),
};

Comlink.expose(api);
