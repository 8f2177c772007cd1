/** The network in the browser's own storage, where neither a reload nor a dead worker can take it. */

import { on } from "../lib/events.js";
import { coalesce, throttle } from "../lib/pace.js";
import { isStorageSilent } from "../lib/site-store.js";
import { clearAside, setAside, storedNetworks, storeNetwork } from "../lib/store.js";
import { hasSettings } from "../lib/settings.js";
import { isTrained, isUsable, page, shownSettings, showError } from "./state.js";

/** Milliseconds between two times that the network is stored. */
const SOON = 1_000;
/** The same while it trains: longer where storing it takes long, so that it costs no more than this share of the time … */
const SHARE = 0.02;
/** … up to this, for what was learned since is lost with the worker. */
const LATEST = 10_000;

/** @typedef {import("../lib/store.js").Stored} Stored */

export class Storing {
  /** The network as it was last stored, for the case that the worker dies. @type {Stored | null} */
  #last = null;
  /** What the browser has stored, asked for while Python starts. */
  #early;
  /** Milliseconds that it took to have the network from the worker, the last time. */
  #cost = 0;

  /**
   * @param {object} parts
   * @param {import("./client.js").Client} parts.client
   * @param {import("./training.js").Training} parts.training
   * @param {import("./settings.js").SettingsController} parts.settings
   * @param {import("./runs.js").Runs} parts.runs
   */
  constructor({ client, training, settings, runs }) {
    this.client = client;
    this.training = training;
    this.settings = settings;
    this.runs = runs;
    this.#early = hasSettings(location.hash, settings.controls.settings) ? null : storedNetworks();
    training.prepare = () => this.#fetchNeeded();
    const store = coalesce(() => this.#store());
    const soon = throttle(store, SOON, showError);
    const later = throttle(store, () => Math.min(Math.max(SOON, this.#cost / SHARE), LATEST), showError);
    const atRest = () => isUsable.value && soon();
    for (const type of ["begin", "change", "taught"]) on(training, type, atRest);
    on(training, "progress", ({ tested_at: testedAt }) => testedAt !== null && later());
    on(training, "end", ({ state }) => (state === "done" ? store().catch(showError) : soon()));
  }

  /** The network as it is, with its settings and its run; null while nothing is set. @returns {Promise<Stored | null>} */
  async snapshot() {
    const settings = shownSettings.value;
    if (!this.client.isReady || !settings) return null;
    const untouched = page.awaitedImages.value?.bytes ?? null; // it can't be trained before its images are here
    const asked = performance.now();
    const bytes = untouched ?? (isTrained.value ? await this.client.session.save(false) : null);
    this.#cost = performance.now() - asked;
    return { bytes, settings, run: this.runs.snapshot() };
  }

  async #store() {
    const current = await this.snapshot();
    if (!current) return;
    this.#last = current;
    await storeNetwork(current);
  }

  /** Whether there is a network to go on from when the worker is gone. */
  get hasNetwork() {
    return Boolean(this.#last?.bytes);
  }

  /** What was set when an earlier worker was lost is needed although nothing was stored. */
  remember() {
    if (page.settings.value) this.#last ??= { bytes: null, settings: page.settings.value, run: null };
  }

  /** Bring back the network of the worker that was lost, where there was one. */
  async recover() {
    return this.#last && this.restore(this.#last, "The network is back as it was last saved.");
  }

  /**
   * Bring back the network of the last visit, or one that was set aside and can be read now.
   * @returns {Promise<string>} a notice, or nothing
   */
  async restoreLastVisit() {
    const { current, aside } = await (this.#early ?? storedNetworks());
    this.#early = null;
    let problem = isStorageSilent() ? "This browser’s storage does not answer: nothing of earlier visits is here, and nothing of this one will be kept." : "";
    if (current) {
      const restored = await this.#tryToRestore(current);
      if (!restored.error) return restored.notice;
      await setAside();
      problem = `The network stored in this browser could not be read; a copy is kept aside. ${restored.error}`;
    }
    for (const stored of aside) {
      const restored = stored ? await this.#tryToRestore(stored) : null;
      if (!restored || restored.error) continue;
      await clearAside();
      return restored.notice;
    }
    return problem;
  }

  /** @param {Stored | "foreign"} stored */
  async #tryToRestore(stored) {
    if (stored === "foreign") return { notice: "", error: "Another version of this page has written it." };
    try {
      return { notice: await this.restore(stored, "Restored your last network; the optimizer’s state is not kept. Reset starts over."), error: "" };
    } catch (error) {
      const { name, message } = /** @type {Error} */ (error);
      if (name === "WorkerDied") throw error;
      return { notice: "", error: message };
    }
  }

  /**
   * Bring back a network, with its settings and its run.
   * @param {Stored} stored
   * @param {string} notice  for a network that has learned something
   */
  async restore({ bytes, settings: { data_size: size, ...others }, run }, notice) {
    if (!bytes) {
      return (await this.settings.configureOrAwait(size === "own" ? others : { ...others, data_size: size })).missing;
    }
    const missing = await this.settings.load(bytes, size);
    await this.runs.resume(run);
    return `${notice} ${missing}`.trim();
  }

  /** Fetch the images that are awaited; a network that was trained on them goes on with its run. */
  async #fetchNeeded() {
    await this.settings.fetchTest((stage) => (page.stage.value = stage));
    const run = this.runs.snapshot();
    if (await this.settings.fetchAwaited()) await this.runs.resume(run);
  }
}
