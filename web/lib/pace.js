/** Keeping pace: at most one of a kind at a time, never an old one after a new one, and no task for too long. */

/** End the task that is under way and go on in another, so that the browser can draw and listen in between. */
export const breathe = () => new Promise((resolve) => setTimeout(resolve));

/**
 * Run a task so that at most one is under way and the newest request is always served. The promise settles when
 * the request that was made is served, by a run that started after it.
 * @param {() => Promise<void>} task
 * @returns {() => Promise<void>}
 */
export function newest(task) {
  /** @type {Promise<void> | null} */
  let running = null;
  /** @type {Promise<void> | null} */
  let next = null;
  const run = () => {
    running = task().finally(() => (running = null));
    return running;
  };
  return () => {
    if (!running) return run();
    next ??= running.catch(() => undefined).then(() => {
      next = null;
      return run();
    });
    return next;
  };
}

/**
 * The same with a rest between two runs. Failures go to the handler.
 * @param {() => Promise<void> | void} task
 * @param {number} milliseconds
 * @param {(error: unknown) => void} [failed]
 * @returns {() => void}
 */
export function spaced(task, milliseconds, failed = () => undefined) {
  let waiting = false;
  let busy = false;
  let last = -Infinity;
  const request = () => {
    if (waiting) return;
    waiting = true;
    if (busy) return;
    setTimeout(run, Math.max(0, last + milliseconds - performance.now()));
  };
  const run = async () => {
    waiting = false;
    busy = true;
    last = performance.now();
    try {
      await task();
    } catch (error) {
      failed(error);
    }
    busy = false;
    if (waiting) {
      waiting = false;
      request();
    }
  };
  return request;
}

/**
 * One task after the other, in the order in which they were asked for.
 * @param {(error: unknown) => void} failed
 * @returns {(task: () => Promise<void> | void) => Promise<void>}
 */
export function queue(failed) {
  let tail = Promise.resolve();
  return (task) => {
    tail = tail.then(task).catch(failed);
    return tail;
  };
}
