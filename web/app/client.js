/** The page's client of the worker that runs Python: the one way from here to there. */

import { emit } from "../lib/events.js";
import { Connection, WorkerDied } from "../lib/connection.js";

/** The worker has this long, in milliseconds, to report its first progress. */
const FIRST_REPORT = 10_000;

/** Emits `lost` with a WorkerDied when the worker is gone without having been closed. */
export class Client extends EventTarget {
  /** @type {Connection<WorkerApi> | null} */
  #connection = null;
  /** Whether Python has started and answers. */
  isReady = false;

  /** The methods of the Python session, each a promise. @type {AsyncSession} */
  session = /** @type {any} */ (new Proxy({}, {
    get: (_, /** @type {string} */ method) => (/** @type {unknown[]} */ ...args) =>
      this.#request((api) => /** @type {any} */ (api).session[method](...args)),
  }));

  /**
   * @template T
   * @param {(api: import("comlink").Remote<WorkerApi>, connection: Connection<WorkerApi>) => Promise<T>} request
   */
  async #request(request) {
    const connection = this.#connection;
    if (!connection) throw new WorkerDied("Python is not running.");
    return connection.request((api) => request(api, connection));
  }

  /**
   * Start Python in a worker, in place of an earlier one.
   * @param {Worker & {failure?: string}} worker
   * @param {import("./state.js").Kernel} kernel
   * @param {(stage: Stage) => void} onStage
   */
  async boot(worker, kernel, onStage) {
    this.close();
    /** @type {Connection<WorkerApi>} */
    const connection = new Connection(worker, (api) => api.ping(), (error) => {
      this.isReady = false;
      emit(this, "lost", error);
    });
    this.#connection = connection;
    const silence = setTimeout(() => connection.die("The part of the page that runs Python did not start."), FIRST_REPORT);
    const report = connection.callback((/** @type {Stage} */ stage) => {
      clearTimeout(silence);
      onStage(stage);
    });
    try {
      const started = await connection.request((api) => api.boot({ kernel }, report));
      this.isReady = true;
      return started;
    } finally {
      clearTimeout(silence);
    }
  }

  /**
   * Train until the run is over, pause() is called or another network takes its place.
   * @param {(progress: Progress) => void} onProgress
   * @returns {Promise<Progress>} the last progress
   */
  train = (onProgress) => this.#request((api, connection) => api.train(connection.callback(onProgress)));

  /** Have training stop after the slice under way. */
  pause = () => this.#request((api) => api.pause());

  /** Somebody draws: have training make room for answers. */
  hurry = () => this.#request((api) => api.hurry());

  /**
   * Fetch the training images that do not come with the page.
   * @param {(stage: Stage) => void} onStage
   * @returns {Promise<number>} training images that are there now
   */
  loadAllTraining = (onStage) => this.#request((api, connection) => api.loadAllTraining(connection.callback(onStage)));

  /**
   * Fetch the test images, once.
   * @param {(stage: Stage) => void} onStage
   */
  loadTest = (onStage) => this.#request((api, connection) => api.loadTest(connection.callback(onStage)));

  /** @param {import("./state.js").Kernel} name */
  setKernel = (name) => this.#request((api) => api.setKernel(name));

  /** End the worker; requests that wait are rejected. */
  close() {
    this.isReady = false;
    this.#connection?.close();
    this.#connection = null;
  }
}
