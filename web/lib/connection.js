/** A connection to a worker that notices when the other end is gone. */

import * as Comlink from "comlink";

/** While a request waits, silence this long (milliseconds) has the worker asked for a sign of life … */
const SILENCE = 6_000;
/** … this often … */
const PING = 2_000;
/** … and so many pings without an answer mean that it is dead. */
const PINGS = 5;

const BROKEN = "The part of the page that runs Python stopped or did not load.";

/** What every request to a lost worker is rejected with. */
export class WorkerDied extends Error {
  name = "WorkerDied";

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
export class Connection {
  #heard = performance.now();
  #waiting = 0;
  #pings = 0;
  /** @type {(error: WorkerDied) => void} */
  #reject = () => undefined;
  /** Rejects when the worker is lost or the connection is closed. @type {Promise<never>} */
  #end = new Promise((_, reject) => (this.#reject = reject));

  /**
   * @param {Worker & {failure?: string}} worker  `failure` when it is known to be broken already
   * @param {(api: import("comlink").Remote<T>) => Promise<unknown>} ping  a request that any live worker answers
   * @param {(error: WorkerDied) => void} onLost  is called once, unless the connection was closed before
   */
  constructor(worker, ping, onLost) {
    this.worker = worker;
    this.onLost = onLost;
    this.isOpen = true;
    this.api = /** @type {import("comlink").Remote<T>} */ (Comlink.wrap(worker));
    this.#end.catch(() => undefined);
    worker.addEventListener("message", () => this.hear()); // an answer, or a sign that a long call goes on
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.die(BROKEN, event.message);
    });
    this.timer = setInterval(() => {
      if (!this.#waiting || performance.now() - this.#heard < SILENCE) return;
      if (++this.#pings === 1) ping(this.api).then(() => this.hear(), () => this.hear());
      if (this.#pings > PINGS) this.die("The part of the page that runs Python stopped answering.");
    }, PING);
    if (worker.failure) queueMicrotask(() => this.die(BROKEN, worker.failure));
  }

  /** A sign of life. */
  hear() {
    this.#heard = performance.now();
    this.#pings = 0;
  }

  /**
   * Wait for the worker's answer, or for its end, which rejects with WorkerDied.
   * @template R
   * @param {(api: import("comlink").Remote<T>) => Promise<R>} request
   * @returns {Promise<R>}
   */
  async request(request) {
    if (!this.isOpen) return this.#end;
    if (!this.#waiting++) this.hear();
    try {
      return await Promise.race([request(this.api), this.#end]);
    } finally {
      this.#waiting--;
      this.hear();
    }
  }

  /**
   * A function that the worker may call while the connection is open.
   * @template {unknown[]} A
   * @param {(...args: A) => void} handler
   */
  callback(handler) {
    return Comlink.proxy((/** @type {A} */ ...args) => {
      this.hear();
      if (this.isOpen) handler(...args);
    });
  }

  /**
   * Declare the worker dead.
   * @param {string} message
   * @param {string} [details]
   */
  die(message, details) {
    if (!this.isOpen) return;
    const error = new WorkerDied(message, details);
    this.close(error);
    this.onLost(error);
  }

  /** End the worker, and whatever waits for it. */
  close(reason = new WorkerDied("The connection to Python was closed.")) {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.#reject(reason);
    clearInterval(this.timer);
    this.api[Comlink.releaseProxy](); // else Comlink's list of proxies would keep the worker, and the worker this
    this.worker.terminate();
  }
}
