/** Starting: Python, then what was on the screen, in the address or in the browser's storage. */

import { batch } from "@preact/signals-core";
import { on } from "../lib/events.js";
import { keeping } from "../lib/offline.js";
import { fromAddress, hasSettings } from "../lib/settings.js";
import { clearMessage, follow, page, setState, showError, showMessage } from "./state.js";

/** @param {string} path */
const silence = (path) => `Nothing has arrived for three seconds; ${path} is waited for. Retry asks anew, and what you have drawn and set stays.`;

/**
 * @param {object} parts
 * @param {import("./client.js").Client} parts.client
 * @param {import("./training.js").Training} parts.training
 * @param {import("./settings.js").SettingsController} parts.settings
 * @param {import("./storing.js").Storing} parts.storing
 * @param {() => Promise<string>} parts.beforeReady  is waited for before the page is ready; returns what is missing, or nothing
 * @param {() => Promise<void>} parts.onStarted  is called when the page is ready
 * @returns {{start: () => Promise<void>, giveUp: () => void}} what starts, or starts again, and what ends a start under
 *   way without a word
 */
export function createStart({ client, training, settings, storing, beforeReady, onStarted }) {
  /** @param {Error} error */
  function fail(error) {
    if (page.state.value === "error") return;
    client.close();
    training.abandon();
    page.stage.value = null;
    setState("error");
    const hasDied = error.name === "WorkerDied";
    const advice = storing.hasNetwork ? " Retry goes on from the network as it was last saved." : " Check the connection and retry.";
    showMessage(error.message + (hasDied ? advice : ""), {
      isError: true,
      canRetry: true,
      traceback: (hasDied ? /** @type {any} */ (error).details : error.stack) ?? "",
    });
  }
  on(client, "lost", fail);

  const keepSoon = keeping(() => page.trainingAvailable.value > BUILD.first, (kept) => (page.offline.value = kept));
  follow(() => {
    if (page.trainingAvailable.value > BUILD.first) keepSoon();
  });

  /** Counts the starts, and those that were given up. */
  let attempt = 0;

  function giveUp() {
    attempt += 1;
    client.close();
  }

  /** @param {Stage} stage */
  function show(stage) {
    if (page.state.value !== "loading") return;
    page.stage.value = stage;
    if (stage.silent) showMessage(silence(stage.silent), { canRetry: true });
    else if (page.message.value.canRetry) clearMessage(); // it goes on
  }

  async function start() {
    const mine = ++attempt;
    setState("loading");
    clearMessage();
    const worker = window.digitnetGuard?.worker ?? new Worker(new URL("worker.js", import.meta.url), { type: "module" });
    if (window.digitnetGuard) window.digitnetGuard.worker = null;
    try {
      const started = await client.boot(worker, page.kernel.value, show);
      storing.remember();
      take(started);
      const notices = [await restore(), await beforeReady()].filter(Boolean);
      page.stage.value = null;
      training.rest();
      showMessage(notices.join(" ") || started.kernelNote);
      await training.refresh();
      await onStarted();
      await settings.fetchTest(() => undefined).catch(showError);
      keepSoon();
    } catch (error) {
      if (mine === attempt) fail(/** @type {Error} */ (error));
    }
  }

  /** @param {Started} started */
  function take({ python, numpy, kernel, description }) {
    batch(() => {
      page.versions.value = { python, numpy };
      page.kernel.value = kernel;
      page.choices.value = description.choices;
      page.recipes.value = description.recipes;
      page.mostNetworkBytes.value = description.most_network_bytes;
      page.mostDrawings.value = description.most_drawings;
      page.trainingAvailable.value = description.training_available;
      page.hasTest.value = false;
    });
    training.apply({ ...description, new_network: true });
  }

  /** The network to begin with: as it was before a failure, else what the address says, else what is stored. */
  async function restore() {
    const recovered = await storing.recover();
    if (recovered !== null) return recovered;
    const { problem } = await settings.applyAddress();
    if (problem || hasSettings(location.hash, settings.controls.settings)) return problem;
    return storing.restoreLastVisit();
  }

  page.kernel.value = fromAddress(location.hash, settings.controls.settings).kernel ?? "simd";
  return { start, giveUp };
}
