/** A line to a worker that notices when the other end is gone. */

import * as Comlink from "comlink";

/** While something is asked, silence this long (milliseconds) makes us knock … */
const SILENCE = 6_000;
/** … this often … */
const KNOCK = 2_000;
/** … and after so many knocks without an answer the worker is dead. */
const KNOCKS = 5;

const BROKEN = "The part of the page that runs Python stopped or did not load.";

export class WorkerDied extends Error {
  /**
   * @param {string} message
   * @param {string} [details]  what the browser says about it
   */
  constructor(message, details = "") {
    super(message);
    this.details = details;
  }
}

/** @template T  the worker's methods */
export class Line {
  #heard = performance.now();
  #asked = 0;
  #knocks = 0;
  /** @type {(error: Error) => void} */
  #die = () => undefined;
  /** @type {Promise<never>} */
  #death = new Promise((_, reject) => (this.#die = reject));

  /**
   * @param {Worker & {failure?: string}} worker  `failure` when it is known to be broken already
   * @param {(door: import("comlink").Remote<T>) => Promise<unknown>} knock  a request that any live worker answers
   */
  constructor(worker, knock) {
    this.worker = worker;
    this.door = /** @type {import("comlink").Remote<T>} */ (Comlink.wrap(worker));
    this.#death.catch(() => undefined);
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.die(BROKEN, event.message);
    });
    this.timer = setInterval(() => {
      if (!this.#asked || performance.now() - this.#heard < SILENCE) return;
      if (++this.#knocks === 1) knock(this.door).then(() => this.hear(), () => this.hear());
      if (this.#knocks > KNOCKS) this.die("The part of the page that runs Python stopped answering.");
    }, KNOCK);
    if (worker.failure) this.die(BROKEN, worker.failure);
  }

  /** A sign of life. */
  hear() {
    this.#heard = performance.now();
    this.#knocks = 0;
  }

  /**
   * Wait for the worker's answer, or for its death, which rejects with WorkerDied.
   * @template R
   * @param {(door: import("comlink").Remote<T>) => Promise<R>} request
   * @returns {Promise<R>}
   */
  async ask(request) {
    if (!this.#asked++) this.hear();
    try {
      return await Promise.race([request(this.door), this.#death]);
    } finally {
      this.#asked--;
      this.hear();
    }
  }

  /**
   * A function that the worker may call.
   * @template {unknown[]} A
   * @param {(...args: A) => void} handler
   */
  callback(handler) {
    return Comlink.proxy((/** @type {A} */ ...args) => {
      this.hear();
      handler(...args);
    });
  }

  /**
   * Declare the worker dead.
   * @param {string} message
   * @param {string} [details]
   */
  die(message, details) {
    this.#die(new WorkerDied(message, details));
    this.close();
  }

  close() {
    clearInterval(this.timer);
    this.worker.terminate();
  }
}
