/** The page's state, in one place: signals, so that what shows a value follows it by itself. */

import { computed, effect, signal } from "@preact/signals-core";

/** @typedef {"loading" | "ready" | "training" | "paused" | "done" | "error"} PageState */
/** @typedef {"simd" | "numpy"} Kernel */
/** @typedef {{text: string, isError: boolean, canRetry: boolean, traceback: string}} Message */

/** @type {Message} */
const NO_MESSAGE = { text: "", isError: false, canRetry: false, traceback: "" };

export const page = {
  /** What `<html data-state>` says; changed by setState alone. */
  state: signal(/** @type {PageState} */ ("loading")),
  /** The current error or notice. */
  message: signal(NO_MESSAGE),
  /** What is being loaded, or null. */
  stage: signal(/** @type {Stage | null} */ (null)),
  /** Python's and NumPy's versions; empty until Python has started. */
  versions: signal({ python: "", numpy: "" }),
  /** The kernel that works, or that is asked for while nothing works yet. */
  kernel: signal(/** @type {Kernel} */ ("simd")),
  /** Whether the code that trains is as published. */
  code: signal(/** @type {"original" | "edited"} */ ("original")),
  recipes: signal(/** @type {Recipe[]} */ ([])),
  /** Values that a setting can have, by its key. */
  choices: signal(/** @type {Record<string, (string | number)[]>} */ ({})),
  /** What the session obeys. */
  settings: signal(/** @type {Settings | null} */ (null)),
  /**
   * Training images that are asked for and could not be fetched yet, with the network that was trained on them.
   */
  awaitedImages: signal(/** @type {{size: number, bytes: Uint8Array | null} | null} */ (null)),
  /** Training images of MNIST that are here. */
  trainingAvailable: signal(0),
  /** Whether MNIST's test images are here: they come after the start. */
  hasTest: signal(false),
  /** The largest file of a network that is read, in bytes. */
  mostNetworkBytes: signal(0),
  /** Drawings that are kept at most. */
  mostDrawings: signal(0),
  /** How far the network has learned the visitor's drawings, from 0 to 1; null where it is not learning any. */
  teaching: signal(/** @type {number | null} */ (null)),
  ownData: signal(/** @type {OwnCounts} */ ({ train: 0, test: 0, unlabelled: 0 })),
  classNames: signal(Array.from("0123456789")),
  /** Units of each layer, inputs first. */
  sizes: signal([784, 128, 10]),
  progress: signal(/** @type {Progress | null} */ (null)),
  /** Whether the site works without a network; empty until it is known. */
  offline: signal(/** @type {"" | import("../lib/offline.js").Kept} */ ("")),
  /** Whether the network had learned when it came: from a file, or from the last visit. */
  isLoaded: signal(false),
};

/** Whether the network has ever learned anything. */
export const isTrained = computed(() => page.isLoaded.value || (page.progress.value?.step ?? 0) > 0);

/** What is set, images included that are still to be fetched. */
export const shownSettings = computed(() => {
  const [settings, awaited] = [page.settings.value, page.awaitedImages.value];
  return settings && awaited ? { ...settings, data_size: awaited.size } : settings;
});

/** Whether Python is there to be asked. */
export const isUsable = computed(() => page.state.value !== "loading" && page.state.value !== "error");

/**
 * Change the page's state. The document says it last, when every view has followed.
 * @param {PageState} state
 */
export function setState(state) {
  page.state.value = state;
  document.documentElement.dataset.state = state;
}

/**
 * Show a message in place of the last one.
 * @param {string} text
 * @param {Partial<Message>} [options]
 */
export const showMessage = (text, options = {}) => (page.message.value = { ...NO_MESSAGE, ...options, text });

/** The last message no longer holds. */
export const clearMessage = () => (page.message.value = NO_MESSAGE);

/**
 * Show an error; the traceback of one that is no refusal lies behind "Details".
 * @param {unknown} error
 */
export function showError(error) {
  if (error instanceof Error && error.name === "WorkerDied") return; // the page says so once, not for each request
  const { message, name, stack } = /** @type {Error} */ (error);
  const isRefusal = name === "ValueError" || name === "Error"; // a sentence of Python or of the page itself
  showMessage(message || String(error), { isError: true, traceback: isRefusal ? "" : stack });
}

/**
 * Have a view follow the signals that it reads. What it throws is shown and does not stop whoever changed a signal.
 * @param {() => void} view
 */
export const follow = (view) => effect(() => {
  try {
    view();
  } catch (error) {
    queueMicrotask(() => showError(error));
  }
});
