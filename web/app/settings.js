/** The settings: from the form and the address to the session, and back. */

import { on } from "../lib/events.js";
import { fromAddress, hasSettings, toAddress } from "../lib/settings.js";
import { integer } from "../lib/format.js";
import { clearMessage, page, shownSettings, showMessage } from "./state.js";

/** Training images that are not here and could not be fetched. */
class MissingImages extends Error {
  /**
   * @param {number} size  how many are asked for
   * @param {Error} cause
   */
  constructor(size, cause) {
    const what = `Not all of the ${integer(size)} training images are here: ${cause.message}`;
    super(`${what} Nothing has changed: try again when they can be fetched.`, { cause });
    /** What to say where they are awaited. */
    this.awaited = `${what} Train fetches them again.`;
    this.size = size;
  }
}

export class SettingsController {
  /** What has to be known of an address before its settings are; tells what of it cannot be had. */
  prepare = async () => "";

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

  /**
   * The fragment with the settings that hold now.
   * @param {string} [earlier]  whose keys of a lesson it keeps
   */
  address(earlier = location.hash) {
    return toAddress(/** @type {Settings} */ (shownSettings.value), page.kernel.value, this.controls.settings, earlier);
  }

  /** An address that carries settings carries those that hold. */
  updateAddress() {
    if (page.settings.value && hasSettings(location.hash, this.controls.settings)) history.replaceState(null, "", this.address());
  }

  /**
   * Fetch the training images that do not come with the page where they are needed.
   * @param {number | "own" | undefined} size
   */
  async fetchImages(size) {
    if (typeof size !== "number" || size <= page.trainingAvailable.value) return;
    try {
      page.trainingAvailable.value = await this.client.loadAllTraining((stage) => (page.stage.value = stage));
    } catch (error) {
      throw /** @type {Error} */ (error).name === "WorkerDied" ? error : new MissingImages(size, /** @type {Error} */ (error));
    } finally {
      page.stage.value = null;
    }
  }

  /**
   * Fetch the test images, which come after the start.
   * @param {(stage: Stage | null) => void} onStage  is told how far it is, and null at the end
   */
  async fetchTest(onStage) {
    if (page.hasTest.value) return;
    try {
      this.training.note(await this.client.loadTest(onStage));
      page.hasTest.value = true;
    } catch (error) {
      const { name, message } = /** @type {Error} */ (error);
      throw name === "WorkerDied" ? error : new Error(`The test images are not here: ${message} Train fetches them again.`, { cause: error });
    } finally {
      onStage(null);
    }
  }

  /**
   * Change settings. While it trains they take effect between two steps; a new network ends the training.
   * @param {Partial<Settings>} changes
   */
  async configure(changes) {
    const recipe = page.recipes.value.find(({ name }) => name === changes.recipe);
    const size = changes.data_size ?? recipe?.settings.data_size;
    await this.fetchImages(size);
    const result = await this.client.session.configure(changes);
    const awaited = page.awaitedImages.value;
    if (size !== undefined) page.awaitedImages.value = null;
    else if (awaited && result.new_network) page.awaitedImages.value = { ...awaited, bytes: null };
    this.training.apply(result);
    this.updateAddress();
    return result;
  }

  /**
   * Change settings; images that can't be fetched now are awaited, and `missing` says so.
   * @param {Partial<Settings>} changes
   */
  async configureOrAwait(changes) {
    try {
      return { ...(await this.configure(changes)), missing: "" };
    } catch (error) {
      if (!(error instanceof MissingImages)) throw error;
      const result = await this.configure({ ...changes, data_size: page.trainingAvailable.value });
      page.awaitedImages.value = { size: error.size, bytes: null };
      return { ...result, missing: error.awaited };
    }
  }

  /**
   * Take over a saved network, with the images that it was trained on if they can be had.
   * @param {Uint8Array} bytes
   * @param {number | "own"} size  of its training data
   * @returns {Promise<string>} what is missing, or nothing
   */
  async load(bytes, size) {
    let missing = "";
    try {
      await this.fetchImages(size);
    } catch (error) {
      if (!(error instanceof MissingImages)) throw error;
      missing = error.awaited;
    }
    this.training.apply(await this.client.session.load(bytes));
    page.isLoaded.value = true;
    page.awaitedImages.value = missing && typeof size === "number" ? { size, bytes } : null;
    return size === "own" ? "The images of your own that it was trained on are not here: load them again to train on them." : missing;
  }

  /**
   * Fetch the images that are awaited.
   * @returns {Promise<boolean>} whether the saved network that was trained on them is here again
   */
  async fetchAwaited() {
    const awaited = page.awaitedImages.value;
    if (!awaited || !page.settings.value) return false;
    const { recipe, data_size: _, ...others } = page.settings.value;
    try {
      await this.fetchImages(awaited.size);
    } catch (error) {
      throw error instanceof MissingImages ? new Error(error.awaited, { cause: error }) : error;
    }
    if (awaited.bytes) {
      await this.load(awaited.bytes, awaited.size);
      await this.configure(others);
    } else {
      await this.configure({ data_size: awaited.size });
    }
    await this.training.refresh();
    return awaited.bytes !== null;
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
    const unprepared = await this.prepare();
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
      if (Object.keys(changes).length) {
        const result = await this.configureOrAwait(changes);
        ({ new_network: isNew, notice } = result);
        if (result.missing) problems.push(result.missing);
      }
    } catch (error) {
      if (/** @type {Error} */ (error).name === "WorkerDied") throw error;
      problems.push(`This link contains an invalid setting: ${/** @type {Error} */ (error).message}`);
    }
    if (unprepared) problems.push(unprepared);
    if (unknown.length) problems.push(`This link contains ${unknown.length > 1 ? "unknown keys" : "an unknown key"}: ${unknown.join(", ")}.`);
    this.updateAddress();
    return { problem: problems.join(" "), isNew, notice };
  }

  /** The visitor has changed the address. */
  async #followAddress() {
    clearMessage();
    const { problem, isNew, notice } = await this.applyAddress();
    if (shownSettings.value) this.controls.update(shownSettings.value);
    if (problem || notice) showMessage(problem || notice, { isError: problem !== "" });
    await this.#settle(isNew);
  }

  /**
   * @param {string} control
   * @param {Error} error
   */
  #refuse(control, error) {
    if (error.name === "WorkerDied") return;
    if (shownSettings.value) this.controls.update(shownSettings.value);
    this.controls.refuse(control, error.message);
    showMessage(error.message, { isError: true });
  }

  async #share() {
    if (!page.settings.value) return;
    const address = new URL(this.address(), location.href).href;
    try {
      await navigator.clipboard.writeText(address);
      showMessage("The address with these settings is copied.");
    } catch {
      showMessage(`The address with these settings: ${address}`);
    }
  }
}
