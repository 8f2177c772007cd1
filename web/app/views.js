/** What simply shows the page's state. */

import { on } from "../lib/events.js";
import { byId, byTestId } from "../lib/dom.js";
import { integer } from "../lib/format.js";
import { follow, isUsable, page, shownSettings } from "./state.js";

/** Whether the site works without a network, in words. */
const OFFLINE = {
  "": "",
  first: "Ready for use without a network: this browser has a copy of the site, with the first 10,000 training images.",
  all: "Ready for use without a network: this browser has a copy of the site, with all 60,000 training images.",
  no: "Not ready for use without a network: this browser has no whole copy of the site yet.",
  impossible: "Not for use without a network: browsers keep a copy only of sites on https or on this machine.",
};

/**
 * @param {object} parts
 * @param {import("./training.js").Training} parts.training
 * @param {import("../components/transport.js").Transport} parts.transport
 * @param {import("../components/status.js").Status} parts.status
 * @param {import("../components/controls.js").Controls} parts.controls
 * @param {import("../components/score.js").Score} parts.score
 * @param {import("../components/network-view.js").NetworkView} parts.network
 * @param {import("../components/own-data.js").OwnData} parts.ownData
 * @param {import("../components/recipes-table.js").RecipesTable} parts.recipesTable
 * @param {import("../components/mathematics.js").Mathematics} parts.mathematics
 * @param {{setNames: (names: string[]) => void}[]} parts.named  views that name the classes
 */
export function connectViews({ training, transport, status, controls, score, network, ownData, recipesTable, mathematics, named }) {
  const files = /** @type {(HTMLButtonElement | HTMLInputElement)[]} */ (["save", "script", "notebook", "load", "load-data", "load-image"].map(byId));

  follow(() => transport.setState(page.state.value, page.settings.value));
  follow(() => {
    controls.enable(isUsable.value);
    for (const control of files) control.disabled = !isUsable.value;
  });
  follow(() => {
    const { value: progress } = page.progress;
    if (!progress) return;
    transport.update(progress);
    score.update(progress, page.isLoaded.value);
    if (page.hasTest.value) score.setTestSize(progress.test_images);
  });
  follow(() => {
    if (page.stage.value) status.loading(page.stage.value);
    else if (page.teaching.value !== null) status.teaching(page.teaching.value);
    else if (page.progress.value) status.update(page.progress.value, page.state.value);
  });
  follow(() => status.show(page.message.value));

  follow(() => {
    const { value: recipes } = page.recipes;
    if (!recipes.length) return;
    controls.setChoices(page.choices.value, recipes);
    recipesTable.setRecipes(recipes);
  });
  follow(() => shownSettings.value && controls.update(shownSettings.value));
  follow(() => {
    controls.setKernel(page.kernel.value);
    mathematics.setKernel(page.kernel.value);
  });
  follow(() => {
    const { python, numpy } = page.versions.value;
    const short = (/** @type {string} */ version) => version.split(".").slice(0, 2).join(".");
    if (python) byId("runtime").textContent = `Python ${short(python)} · NumPy ${short(numpy)}${page.kernel.value === "simd" ? " · SIMD" : ""}`;
  });
  follow(() => {
    const { value: counts } = page.ownData;
    controls.offerOwnData(counts.train ? `own ${integer(counts.train)}` : null);
    ownData.update(counts);
  });
  follow(() => {
    const output = byTestId("offline");
    const isReady = page.offline.value === "first" || page.offline.value === "all";
    output.dataset.value = isReady ? "yes" : page.offline.value && "no";
    output.textContent = OFFLINE[page.offline.value];
  });
  follow(() => network.setSizes(page.sizes.value));
  follow(() => named.forEach((view) => view.setNames(page.classNames.value)));
  on(training, "end", ({ state, test_accuracy: accuracy }) => {
    if (state === "done" && page.settings.value && accuracy !== null) recipesTable.setResult(page.settings.value, accuracy);
  });
}
