/** The images of the latest batch, brought from the session while somebody looks at them. */

import { on } from "../lib/events.js";
import { coalesce, throttle } from "../lib/pace.js";
import { follow, page, showError } from "./state.js";

/** Milliseconds between two updates while it trains. */
const UPDATE = 1_000;

/**
 * @param {object} parts
 * @param {import("./client.js").Client} parts.client
 * @param {import("../components/batch-view.js").BatchView} parts.batchView
 * @param {import("../components/tabs.js").Tabs} parts.tabs
 */
export function connectBatch({ client, batchView, tabs }) {
  const update = coalesce(async () => {
    if (!batchView.visible || !client.isReady) return;
    batchView.update(await client.session.batch(), page.classNames.value);
  });
  const updateSoon = throttle(update, UPDATE, showError);
  on(tabs, "select", () => update().catch(showError));
  follow(() => {
    page.progress.value;
    page.classNames.value;
    if (page.state.value === "training") updateSoon();
    else update().catch(showError);
  });
}
