/** The experiments and the next step: a bundle of their own, fetched while Python starts. */

import { signal } from "@preact/signals-core";
import { byId, byTestId, element } from "../lib/dom.js";
import { on } from "../lib/events.js";
import { shorten } from "../lib/format.js";
import { nextStep } from "../lib/next-step.js";
import { follow, isTrained, page, showError, showMessage } from "./state.js";

/** The key of the address that opens a card. */
const KEY = "experiment";
/** Milliseconds that they may keep the page waiting once Python is there. */
const LIMIT = 5_000;
const MISSING = "The experiments could not be loaded. Check the connection; the button Load the experiments below the network tries again.";

/**
 * @param {Omit<import("../experiments.js").Context, "list" | "dock" | "page" | "isTrained" | "showMessage" | "showError" | "tell">
 *   & {hint: import("../components/hint.js").Hint}} parts
 * @returns {{arrive: () => Promise<string>}} waits until the cards stand on the page; returns what is missing, or nothing
 */
export function connectExperiments({ hint, ...parts }) {
  const known = signal(/** @type {import("../lib/next-step.js").Experiments | null} */ (null));
  const list = byTestId("experiments");
  /** @type {Promise<Awaited<ReturnType<typeof import("../experiments.js").createExperiments>>> | null} */
  let loading = null;

  async function load() {
    // by its address in the site: it is a bundle of its own
    const { createExperiments } = /** @type {typeof import("../experiments.js")} */ (await import(new URL("experiments.js", import.meta.url).href));
    return createExperiments({
      ...parts, list, dock: byId("dock"), page, isTrained, showMessage, showError, tell: (news) => (known.value = news),
    });
  }

  /** The experiments; a load that has failed is tried again when they are asked for. */
  function experiments() {
    loading ??= load().catch((error) => {
      loading = null;
      throw error;
    });
    return loading;
  }

  /** Open the card that the address names; returns what is wrong, or nothing. */
  async function showAsked() {
    const id = new URLSearchParams(location.hash.slice(1)).get(KEY);
    if (!id || (await experiments()).open(id)) return "";
    return `There is no experiment called “${shorten(id, 40)}”. All experiments stand below the network.`;
  }

  async function arrive() {
    try {
      await Promise.race([experiments(), new Promise((_, reject) => setTimeout(reject, LIMIT))]);
      return await showAsked();
    } catch {
      const again = element("button", { type: "button" }, "Load the experiments");
      again.addEventListener("click", () => experiments().catch(() => showMessage(MISSING, { isError: true })));
      byId("experiments-missing").replaceChildren(again);
      return MISSING;
    }
  }

  const root = byTestId("next");
  const [text, button] = [element("span"), element("button", { type: "button", hidden: true })];
  root.append(text, button);
  button.addEventListener("click", () => experiments().then(({ open }) => open(button.dataset.id ?? "")).catch(showError));
  follow(() => {
    const { text: words, experiment } = nextStep({ state: page.state.value, isTrained: isTrained.value, experiments: known.value });
    text.textContent = words;
    button.hidden = !experiment;
    button.textContent = experiment?.title ?? "";
    button.dataset.id = experiment?.id ?? "";
  });
  follow(() => {
    if (known.value) byId("experiments-missing").replaceChildren();
  });
  on(hint, "update", (id) => experiments().then(({ diagnosed }) => diagnosed(id)).catch(() => undefined)); // said where it is loaded

  addEventListener("hashchange", async () => {
    const problem = await showAsked().catch(() => MISSING);
    if (problem) showMessage(problem, { isError: true });
  });
  experiments().catch(() => undefined); // said by arrive
  return { arrive };
}
