/** The settings: from the form and the address to the session, and back. */

import { on } from "../lib/events.js";
import { fromAddress, hasSettings, toAddress } from "../lib/settings.js";
import { clearMessage, page, showMessage } from "./state.js";

export class SettingsController {
  /**
   * @param {object} parts
   * @param {import("./client.js").Client} parts.client
   * @param {import("./training.js").Training} parts.training
   * @param {import("../components/controls.js").Controls} parts.controls
   * @param {HTMLElement} parts.share  the button that copies the address
   */
  constructor({ client, training, controls, share }) {
    this.client = client;
    this.training = training;
    this.controls = controls;
    on(controls, "change", ({ control, key, value }) => training.enqueue(async () => {
      try {
        await this.change({ [key]: value });
      } catch (error) {
        this.#refuse(control, /** @type {Error} */ (error));
      }
    }));
    on(controls, "refuse", ({ control, reason }) => this.#refuse(control, new Error(reason)));
    on(controls, "kernel", (name) => training.enqueue(() => this.setKernel(name)));
    addEventListener("hashchange", () => training.enqueue(() => this.#followAddress()));
    share.addEventListener("click", () => this.#share());
  }

  /** Show what the address asks for before the session can say whether it holds. */
  showAddress() {
    this.controls.update(fromAddress(location.hash, this.controls.settings).changes);
  }

  /** @param {string} recipe  from the table of recipes, further down the page */
  choose(recipe) {
    scrollTo({ top: 0, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    this.training.enqueue(() => this.change({ recipe }));
  }

  /** The address with what holds now. */
  #address() {
    return toAddress(/** @type {Settings} */ (page.settings.value), page.kernel.value, this.controls.settings, location.hash);
  }

  /** An address that carries settings carries those that hold. */
  updateAddress() {
    if (page.settings.value && hasSettings(location.hash, this.controls.settings)) history.replaceState(null, "", this.#address());
  }

  /**
   * Fetch the training images that do not come with the page where they are needed.
   * @param {number | "own" | undefined} size
   */
  async fetchImages(size) {
    if (typeof size !== "number" || size <= page.trainingAvailable.value) return;
    try {
      page.trainingAvailable.value = await this.client.loadAllTraining((stage) => (page.stage.value = stage));
    } finally {
      page.stage.value = null;
    }
  }

  /**
   * Change settings. While it trains they take effect between two steps; a new network ends the training.
   * @param {Partial<Settings>} changes
   */
  async configure(changes) {
    const recipe = page.recipes.value.find(({ name }) => name === changes.recipe);
    await this.fetchImages(changes.data_size ?? recipe?.settings.data_size);
    const result = await this.client.session.configure(changes);
    this.training.apply(result);
    this.updateAddress();
    return result;
  }

  /**
   * Change settings and show what follows from it.
   * @param {Partial<Settings>} changes
   * @returns {Promise<boolean>} whether there is a new network
   */
  async change(changes) {
    clearMessage();
    const { new_network: isNew, notice } = await this.configure(changes);
    showMessage(notice);
    await this.#settle(isNew);
    return isNew;
  }

  /** @param {boolean} isNew  whether there is a new network */
  async #settle(isNew) {
    if (isNew) {
      await this.training.replaced();
      await this.training.refresh();
    }
    if (!this.training.isRunning) this.training.rest();
  }

  /** @param {import("./state.js").Kernel} name */
  async setKernel(name) {
    const { kernel, kernelNote } = await this.client.setKernel(name);
    page.kernel.value = kernel;
    this.updateAddress();
    showMessage(kernelNote);
  }

  /** Set what the address asks for, as far as it can be; `problem` says what could not, or nothing. */
  async applyAddress() {
    const { changes, kernel, problem, unknown } = fromAddress(location.hash, this.controls.settings);
    const problems = [];
    let isNew = false;
    let notice = "";
    if (changes.data_size === "own" && !page.ownData.value.train) {
      delete changes.data_size;
      problems.push("This link trains on images of your own, which are not part of it: load them again.");
    }
    try {
      if (problem) throw new Error(problem);
      if (kernel && kernel !== page.kernel.value) await this.setKernel(kernel);
      if (Object.keys(changes).length) ({ new_network: isNew, notice } = await this.configure(changes));
    } catch (error) {
      if (/** @type {Error} */ (error).name === "WorkerDied") throw error;
      problems.push(`This link contains an invalid setting: ${/** @type {Error} */ (error).message}`);
    }
    if (unknown.length) problems.push(`This link contains ${unknown.length > 1 ? "unknown keys" : "an unknown key"}: ${unknown.join(", ")}.`);
    this.updateAddress();
    return { problem: problems.join(" "), isNew, notice };
  }

  /** The visitor has changed the address. */
  async #followAddress() {
    clearMessage();
    const { problem, isNew, notice } = await this.applyAddress();
    if (page.settings.value) this.controls.update(page.settings.value);
    if (problem || notice) showMessage(problem || notice, { isError: problem !== "" });
    await this.#settle(isNew);
  }

  /**
   * @param {string} control
   * @param {Error} error
   */
  #refuse(control, error) {
    if (error.name === "WorkerDied") return;
    if (page.settings.value) this.controls.update(page.settings.value);
    this.controls.refuse(control, error.message);
    showMessage(error.message, { isError: true });
  }

  async #share() {
    if (!page.settings.value) return;
    const address = new URL(this.#address(), location.href).href;
    try {
      await navigator.clipboard.writeText(address);
      showMessage("The address with these settings is copied.");
    } catch {
      showMessage(`The address with these settings: ${address}`);
    }
  }
}
