/** What stands under the hood: a bundle of its own, which the page loads when it is opened. */

import { ChecksPanel } from "./hood/checks-panel.js";
import { CodePanel } from "./hood/code-panel.js";
import { Exercises } from "./hood/exercises.js";
import { createTabs } from "./hood/tabs.js";
import { TracePanel } from "./hood/trace-panel.js";
import { on } from "./lib/events.js";

/**
 * What the page hands over: its parts, and its state, which is not to be bundled a second time.
 * @typedef {object} Context
 * @property {HTMLElement} section
 * @property {import("./app/client.js").Client} client
 * @property {import("./app/training.js").Training} training
 * @property {import("./app/runs.js").Runs} runs
 * @property {typeof import("./app/state.js").page} page
 * @property {typeof import("./app/state.js").follow} follow
 * @property {typeof import("./app/state.js").showMessage} showMessage
 * @property {typeof import("./app/state.js").showError} showError
 */

/** @param {Context} context */
export async function createHood(context) {
  const { section, training, showError } = context;
  const code = new CodePanel(context);
  const exercises = new Exercises({ ...context, code });
  const tabs = createTabs([
    ["Edit", exercises.element],
    ["Check", new ChecksPanel({ ...context, code }).element],
    ["Slow motion", new TracePanel({ ...context, code }).element],
  ]);
  section.append(tabs);
  on(exercises, "follow", () => tabs.querySelector("button")?.click());
  on(training, "end", ({ state }) => state === "failed" && code.explainFailure().catch(showError));
  context.follow(() => {
    if (context.page.state.value === "loading") code.forget(); // Python starts anew, with the original code
  });
  await code.load();
  await exercises.load();
}
