/** Asks for a diagnosis when a run has ended, and applies its remedy. */

import { on } from "../lib/events.js";
import { follow, page, showError, showMessage } from "./state.js";

/**
 * @param {object} parts
 * @param {import("./client.js").Client} parts.client
 * @param {import("./training.js").Training} parts.training
 * @param {import("./settings.js").SettingsController} parts.settings
 * @param {import("../components/hint.js").Hint} parts.hint
 */
export function connectDiagnosis({ client, training, settings, hint }) {
  let latest = 0;
  const clear = () => {
    latest += 1;
    hint.update(null);
  };
  on(training, "begin", clear);
  follow(() => page.state.value === "training" && clear());
  on(training, "end", async ({ state }) => {
    if (state !== "done" && state !== "diverged") return;
    const asked = ++latest;
    try {
      const diagnosis = await client.session.diagnosis();
      if (asked === latest) hint.update(diagnosis);
    } catch (error) {
      showError(error);
    }
  });
  on(hint, "apply", ({ label, changes, reset }) => training.enqueue(async () => {
    clear();
    const isNew = await settings.change(changes);
    if (reset && !isNew) await training.startOver();
    const next = reset || isNew ? "Train starts from new weights." : "Train goes on from here.";
    showMessage(`Applied: ${label}. ${next}`);
  }));
}
