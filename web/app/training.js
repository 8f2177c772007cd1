/** The run: Train, Pause, Step and Reset, and what takes its turn between them. */

import { batch } from "@preact/signals-core";
import { emit } from "../lib/events.js";
import { queue, yieldToEventLoop } from "../lib/pace.js";
import { clearMessage, page, setState, showError, showMessage } from "./state.js";

/**
 * Emits `begin` with the settings when a new network begins a run, `progress` with each progress, `change` with
 * {step, changes} when settings change and the network stays, `code` with "original" or "edited" when other code trains it, `taught` when it has learned drawings or forgotten them again, and `end` with the progress at the end of each stretch of training.
 */
export class Training extends EventTarget {
  /** The stretch of training under way. @type {{isOver: boolean, ended: Promise<void>} | null} */
  #stretch = null;

  /**
   * @param {import("./client.js").Client} client
   * @param {{updateResults: () => Promise<void>, updateReading: () => Promise<void>}} views  what depends on the weights
   */
  constructor(client, { updateResults, updateReading }) {
    super();
    this.client = client;
    this.updateResults = updateResults;
    this.updateReading = updateReading;
    /** Runs tasks one after the other; what one throws is shown. */
    this.enqueue = queue(showError);
    /** What has to be done before the next step: see Storing. */
    this.prepare = async () => {};
  }

  get isRunning() {
    return this.#stretch !== null;
  }

  /** Take the place of a run that is lost with its worker. */
  abandon() {
    if (this.#stretch) this.#stretch.isOver = true;
    this.#stretch = null;
  }

  /** The page's state when nothing is running; when the worker is lost, that is another's to say. */
  rest() {
    if (!this.client.isReady) return;
    const state = page.progress.value?.state ?? "ready";
    setState(state === "ready" || state === "done" ? state : "paused");
  }

  /** Show everything that depends on the weights anew. */
  async refresh() {
    await Promise.all([this.updateReading(), this.updateResults()]);
  }

  /**
   * Take over what the session says about itself.
   * @param {Partial<Description> & {settings: Settings, sizes: number[], progress: Progress, new_network: boolean}} news
   */
  apply(news) {
    const before = page.settings.value;
    const { settings, sizes, progress, new_network: isNew, class_names: names, own_data: own } = news;
    if (isNew && this.#stretch) this.#stretch.isOver = true;
    batch(() => {
      page.settings.value = settings;
      page.sizes.value = sizes;
      if (names) page.classNames.value = names;
      if (own) page.ownData.value = own;
      if (isNew) page.isLoaded.value = false;
    });
    const changes = Object.entries(settings).filter(([key, value]) => before?.[/** @type {keyof Settings} */ (key)] !== value);
    if (isNew) emit(this, "begin", settings);
    else if (changes.length) emit(this, "change", { step: progress.step, changes: Object.fromEntries(changes) });
    page.progress.value = progress;
  }

  /** @param {Progress} progress */
  note(progress) {
    emit(this, "progress", progress);
    page.progress.value = progress;
  }

  /** Train from here on; return at once. */
  start() {
    setState("training");
    const stretch = { isOver: false, ended: Promise.resolve() };
    this.#stretch = stretch;
    stretch.ended = this.client.train((progress) => {
      if (!stretch.isOver) this.note(progress); // reports and the end come by different ways; a report may come last
    }).then(
      async (progress) => {
        if (stretch.isOver) return; // another network has taken its place
        stretch.isOver = true;
        await this.finish(progress);
      },
      (error) => this.#failed(error),
    ).catch(showError).finally(() => {
      if (this.#stretch === stretch) this.#stretch = null;
    });
  }

  /**
   * Show what a stretch of training has come to.
   * @param {Progress} progress
   */
  async finish(progress) {
    this.note(progress);
    try {
      if (progress.test_accuracy !== null) await this.updateResults();
      await yieldToEventLoop();
    } catch (error) {
      showError(error);
    }
    const isError = progress.state === "diverged" || progress.state === "failed";
    if (progress.message) showMessage(progress.message, { isError, traceback: progress.traceback });
    emit(this, "end", progress);
    this.rest();
  }

  /**
   * The call itself has failed: the network is as it was after the last step.
   * @param {unknown} error
   */
  async #failed(error) {
    if (!this.client.isReady) return;
    showError(error);
    try {
      const progress = await this.client.session.pause();
      this.note(progress);
      emit(this, "end", progress);
    } finally {
      if (this.client.isReady) setState("paused");
    }
  }

  /** Pause, and say whether there was anything left to do. */
  async pause() {
    if (!this.#stretch) return false;
    const { ended } = this.#stretch;
    await this.client.pause();
    await ended;
    return page.progress.value?.state === "paused";
  }

  /** Wait for the end of a stretch whose network has been replaced. */
  async replaced() {
    await this.#stretch?.ended;
  }

  /**
   * Do something to the session while it is not training, and go on training afterwards where the task says so.
   * @param {() => Promise<boolean>} task
   */
  interrupt(task) {
    return this.enqueue(async () => {
      const wasTraining = await this.pause();
      if (!this.client.isReady) return;
      let goOn = true;
      try {
        goOn = await task();
      } finally {
        if (this.client.isReady) {
          if (wasTraining && goOn) this.start();
          else this.rest();
        }
      }
    });
  }

  /** Train, or pause while it trains. */
  toggle() {
    return this.enqueue(async () => {
      if (this.#stretch) return this.pause();
      if (!this.client.isReady) return;
      clearMessage();
      await this.prepare();
      this.start();
    });
  }

  /** Take one step. */
  step() {
    return this.interrupt(async () => {
      clearMessage();
      await this.prepare();
      await this.finish(await this.client.session.step());
      return false;
    });
  }

  /**
   * Other code runs from the next step on: show what follows from it.
   * @param {CodeApplied} result
   */
  async codeChanged({ edited, kept, sizes, progress }) {
    page.code.value = edited.length ? "edited" : "original";
    if (kept) {
      emit(this, "code", page.code.value);
      page.progress.value = progress;
      await this.updateReading();
    } else {
      this.apply({ settings: /** @type {Settings} */ (page.settings.value), sizes, progress, new_network: true });
      await this.replaced();
      await this.refresh();
    }
    if (!this.isRunning) this.rest();
  }

  /** Draw new weights from the seed. */
  reset() {
    return this.interrupt(async () => {
      clearMessage();
      await this.startOver();
      return false;
    });
  }

  /** Draw new weights while nothing is running. */
  async startOver() {
    const progress = await this.client.session.reset();
    const { settings, sizes } = page;
    this.apply({ settings: /** @type {Settings} */ (settings.value), sizes: sizes.value, progress, new_network: true });
    await this.refresh();
    this.rest();
  }
}
