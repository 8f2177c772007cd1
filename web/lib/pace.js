/** At most one task of a kind at a time, never an old one after a new one, and none for too long. */

/** End the task that is under way and go on in another, so that the browser can draw and listen in between. */
export const yieldToEventLoop = () => new Promise((resolve) => setTimeout(resolve));

/**
 * Run a task so that at most one is under way and the latest request is always served. The promise settles when
 * the request that was made is served, by a run that started after it.
 * @param {() => Promise<void>} task
 * @returns {() => Promise<void>}
 */
export function coalesce(task) {
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

/** So many times what a timer is late by is added to the wait: a page that is busy draws less. */
const RELIEF = 5;
/** Milliseconds that are added at most. */
const MOST_RELIEF = 1_000;

/**
 * Run a task at most once in so many milliseconds, and once more for requests made meanwhile; less often where the page
 * can't keep up, which shows in how late timers are.
 * @param {() => Promise<void> | void} task
 * @param {number | (() => number)} milliseconds
 * @param {(error: unknown) => void} failed  is given what the task throws
 * @returns {() => void}
 */
export function throttle(task, milliseconds, failed) {
  const pause = () => (typeof milliseconds === "number" ? milliseconds : milliseconds());
  let waiting = false;
  let busy = false;
  let last = -Infinity;
  let due = 0;
  let relief = 0;
  const request = () => {
    if (waiting) return;
    waiting = true;
    if (busy) return;
    const now = performance.now();
    due = Math.max(now, last + pause() + relief);
    setTimeout(run, due - now);
  };
  const run = async () => {
    waiting = false;
    busy = true;
    last = performance.now();
    relief = Math.min(RELIEF * Math.max(0, last - due), MOST_RELIEF);
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
 * Run one task after the other, in the order in which they were asked for.
 * @param {(error: unknown) => void} failed  is given what a task throws
 * @returns {(task: () => Promise<unknown> | unknown) => Promise<void>}
 */
export function queue(failed) {
  let tail = Promise.resolve();
  return (task) => {
    tail = tail.then(task).then(() => undefined, failed);
    return tail;
  };
}
