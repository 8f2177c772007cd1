/** What a lesson shows, hides and fixes, and the part that is shown alone in somebody else's page. */

import { byTestId } from "../lib/dom.js";
import { CONTAINERS, isPart, isRelated, parts } from "./parts.js";

/** @typedef {import("../lib/lesson.js").Lesson} Lesson */

const root = document.documentElement;

/** A part and what belongs to it alone: the label of a field, the frame of the pad. */
const selectorOf = (/** @type {string} */ id) => {
  const self = `[data-testid="${id}"]`;
  const frames = [".field", "label", ".paper", ".meters > div", ".figures > div"].map((frame) => `${frame}:has(> ${self}, dd > ${self})`);
  return [self, ...frames, ...(["recipes", "experiments"].includes(id) ? [`.article:has(> ${self})`] : [])].join(", ");
};

/**
 * The part of the page around an element that stands alone in an iframe.
 * @param {string} id
 */
function frameOf(id) {
  if (id.startsWith("exercise")) return byTestId("code");
  if (["draw", "prediction", "probabilities"].includes(id)) return document.querySelector(".card.draw");
  const own = byTestId(id);
  return own?.closest(".field, label.button") ?? own;
}

/**
 * The controls and panels that are hidden when only these are shown.
 * @param {string[]} show
 */
export const hiddenBy = (show) =>
  (show.length ? parts().map(({ id }) => id).filter((id) => !show.some((other) => isRelated(id, other))) : []);

export class Arrangement {
  #sheet = new CSSStyleSheet();
  /** @type {string[]} */
  #fixed = [];
  #watch = new MutationObserver(() => this.#fix());

  constructor() {
    document.adoptedStyleSheets.push(this.#sheet);
  }

  /**
   * @param {Lesson} lesson
   * @returns {string[]} what it asks for and the page does not have
   */
  apply({ hide, show, fix, steps, embed, isLarge }) {
    this.#free();
    const asked = { hides: hide, shows: show, fixes: fix, embeds: embed ? [embed] : [] };
    const problems = Object.entries(asked).flatMap(([verb, ids]) => {
      const wrong = ids.filter((id) => !isPart(id));
      return wrong.length ? [`This lesson ${verb} what the page does not have: ${wrong.join(", ")}.`] : [];
    });
    const shown = show.filter(isPart);
    // where only some parts are shown, the steps can be opened too
    if (shown.length) shown.push(...steps.map(({ kind }) => (kind === "experiment" ? "experiments" : "code")));
    const hidden = new Set(hide.filter(isPart));
    if (!embed) for (const id of hiddenBy(shown)) hidden.add(id);
    this.#hide(hidden, shown);
    this.#fixed = fix.filter(isPart);
    this.#fix();
    if (this.#fixed.length) this.#watch.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["disabled", "inert"] });
    this.#embed(isPart(embed) ? embed : "", shown);
    root.toggleAttribute("data-large", isLarge);
    return problems;
  }

  /**
   * @param {Set<string>} hidden
   * @param {string[]} shown
   */
  #hide(hidden, shown) {
    this.#sheet.replaceSync([...hidden].map((id) => `${selectorOf(id)} { display: none !important; }`).join("\n"));
    const known = new Set(parts().map(({ id }) => id));
    for (const selector of CONTAINERS) {
      const container = document.querySelector(selector);
      if (!(container instanceof HTMLElement)) continue;
      const ids = [...container.querySelectorAll("[data-testid]")].map((part) => String(/** @type {HTMLElement} */ (part).dataset.testid));
      const counted = ids.filter((id) => known.has(id));
      const isEmpty = counted.length > 0 && counted.every((id) => hidden.has(id)) && !ids.some((id) => shown.includes(id));
      container.classList.toggle("left-out", isEmpty && hidden.size > 0);
      document.querySelector(`[role="tab"][aria-controls="${container.id}"]`)?.classList.toggle("left-out", isEmpty);
    }
    const tabs = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("#tabs [role=tab]")]);
    if (tabs.some((tab) => tab.ariaSelected === "true" && tab.classList.contains("left-out"))) {
      tabs.find((tab) => !tab.classList.contains("left-out"))?.click();
    }
  }

  /** Disable what is fixed; the page's own state enables controls again and again. */
  #fix() {
    for (const id of this.#fixed) {
      for (const part of document.querySelectorAll(`[data-testid="${id}"]`)) {
        if (part instanceof HTMLButtonElement || part instanceof HTMLSelectElement || part instanceof HTMLInputElement) {
          if (!part.disabled) part.disabled = true;
        } else if (part instanceof HTMLElement && !part.inert) part.inert = true;
        if (part instanceof HTMLElement && !part.dataset.fixed) part.dataset.fixed = "yes";
      }
    }
  }

  /** What an earlier lesson fixed can be changed again, unless the page itself has a reason against it. */
  #free() {
    this.#watch.disconnect();
    this.#fixed = [];
    const isUsable = root.dataset.state !== "loading" && root.dataset.state !== "error";
    for (const part of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("[data-fixed]"))) {
      delete part.dataset.fixed;
      part.inert = false;
      if ("disabled" in part) part.disabled = !isUsable;
    }
  }

  /**
   * @param {string} id  empty for the whole page
   * @param {string[]} also  further parts
   */
  #embed(id, also) {
    for (const part of document.querySelectorAll(".embedded, .around-embedded")) part.classList.remove("embedded", "around-embedded");
    if (!id) delete root.dataset.embed;
    else root.dataset.embed = id;
    const status = document.getElementById("status");
    const shown = id ? [frameOf(id), ...also.map(frameOf), status] : [];
    for (const part of shown) {
      part?.classList.add("embedded");
      for (let outer = part?.parentElement; outer && outer !== root; outer = outer.parentElement) outer.classList.add("around-embedded");
    }
  }
}
