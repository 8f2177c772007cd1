/** Runs Python away from the page, and offers the page what is in `api`. */

import * as Comlink from "comlink";
import { boot } from "./worker/boot.js";
import { transferred } from "./worker/bridge.js";
import { createTraining } from "./worker/train.js";

const SITE = new URL("./", import.meta.url);

const { booting, onStage, loadAllTraining } = boot(SITE);
/** What has been started. @type {Awaited<typeof booting>} */
let started;
const training = createTraining((...call) => started.call(...call));

const api = {
  /** The methods of the Python session. One that brings another network ends the training. */
  session: new Proxy({}, {
    get: (_, /** @type {keyof Session} */ method) => async (/** @type {any} */ ...args) => {
      if (started.workshopMethods.has(method)) await started.loadWorkshop();
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

  train: training.train,
  pause: training.pause,

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
