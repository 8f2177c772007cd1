/** The network in the browser's own storage, where neither a reload nor a dead worker can take it. */

import { on } from "../lib/events.js";
import { coalesce, throttle } from "../lib/pace.js";
import { setAside, storedNetwork, storeNetwork } from "../lib/store.js";
import { hasSettings } from "../lib/settings.js";
import { isTrained, isUsable, page, showError } from "./state.js";

/** Milliseconds between two times that the network is stored: at rest, and while it trains. */
const SOON = 1_000;
const LATER = 10_000;

/** @typedef {import("../lib/store.js").Stored} Stored */

export class Storing {
  /** The network as it was last stored, for the case that the worker dies. @type {Stored | null} */
  #last = null;
  /** What the browser has stored, asked for while Python starts. */
  #early;

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
    this.#early = hasSettings(location.hash, settings.controls.settings) ? null : storedNetwork();
    const store = coalesce(() => this.#store());
    const soon = throttle(store, SOON, showError);
    const later = throttle(store, LATER, showError);
    const atRest = () => isUsable.value && soon();
    for (const type of ["begin", "change"]) on(training, type, atRest);
    on(training, "progress", ({ tested_at: testedAt }) => testedAt !== null && later());
    on(training, "end", ({ state }) => (state === "done" ? store().catch(showError) : soon()));
  }

  async #store() {
    if (!this.client.isReady || !page.settings.value) return;
    const settings = page.settings.value;
    const bytes = isTrained.value ? await this.client.session.save(false) : null;
    this.#last = { bytes, settings, run: this.runs.snapshot() };
    await storeNetwork(this.#last);
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
    return this.#last && this.#restore(this.#last, "The network is back as it was last saved.");
  }

  /** @returns {Promise<string>} a notice, or nothing */
  async restoreLastVisit() {
    const stored = await (this.#early ?? storedNetwork());
    this.#early = null;
    if (!stored) return "";
    try {
      if (stored === "foreign") throw new Error("Another version of this page has written it.");
      return await this.#restore(stored, "Restored your last network. Reset starts over.");
    } catch (error) {
      if (/** @type {Error} */ (error).name === "WorkerDied") throw error;
      await setAside();
      return `The network stored in this browser could not be read; a copy is kept aside. ${/** @type {Error} */ (error).message}`;
    }
  }

  /**
   * @param {Stored} stored
   * @param {string} notice  for a network that has learned something
   */
  async #restore({ bytes, settings: { data_size: size, ...others }, run }, notice) {
    if (!bytes) {
      await this.settings.configure(size === "own" ? others : { ...others, data_size: size });
      return "";
    }
    await this.settings.fetchImages(size);
    this.training.apply(await this.client.session.load(bytes));
    page.isLoaded.value = true;
    await this.runs.resume(run);
    return notice;
  }
}
