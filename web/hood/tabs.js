/** Panels that take turns; closed ones stay in the document. */

import { element } from "../lib/dom.js";
import { Tabs } from "../components/tabs.js";

/**
 * @param {[string, HTMLElement][]} panels  each with its title, the open one first
 */
export function createTabs(panels) {
  const list = element("div", { role: "tablist", "aria-label": "Code" });
  const root = element("div", { class: "hood-tabs" }, list);
  panels.forEach(([title, panel], i) => {
    const id = `hood-${title.toLowerCase().replaceAll(" ", "-")}`;
    list.append(element("button", { role: "tab", type: "button", id: `tab-${id}`, "aria-controls": id, "aria-selected": i === 0, tabindex: i ? -1 : 0 }, title));
    root.append(element("div", { role: "tabpanel", id, "aria-labelledby": `tab-${id}`, hidden: i > 0 }, panel));
  });
  list.querySelector("button")?.setAttribute("aria-selected", "true");
  new Tabs(root);
  return root;
}
