/** The hood: the code that runs, to be changed. What it takes is fetched when it is opened. */

import { byTestId } from "../lib/dom.js";
import { isOutdated, OUTDATED } from "../lib/version.js";
import { follow, page, showError, showMessage } from "./state.js";

/** Keys of the address that open it. */
const KEYS = /[#&](code|exercise)=/;

/**
 * @param {object} parts
 * @param {import("./client.js").Client} parts.client
 * @param {import("./training.js").Training} parts.training
 * @param {import("./runs.js").Runs} parts.runs
 */
export function connectHood({ client, training, runs }) {
  const section = byTestId("code");
  /** @type {Promise<void> | null} */
  let opening = null;

  async function open() {
    // by its address in the site: it is a bundle of its own
    const { createHood } = /** @type {typeof import("../hood.js")} */ (await import(new URL("hood.js", import.meta.url).href));
    await createHood({ section, client, training, runs, page, follow, showMessage, showError });
  }

  function show() {
    section.hidden = false;
    opening ??= open().catch(async (error) => {
      opening = null;
      section.hidden = true;
      const reason = await isOutdated() ? OUTDATED : "The editor could not be loaded. Check the connection and press Code again.";
      showError(new Error(reason, { cause: error }));
    });
    return opening;
  }

  byTestId("code-open").addEventListener("click", () => show().then(() => section.scrollIntoView({ block: "start" })));
  const showIfAsked = () => KEYS.test(location.hash) && show();
  window.addEventListener("hashchange", showIfAsked);
  showIfAsked();
}
