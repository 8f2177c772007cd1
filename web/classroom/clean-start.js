/** A clean start for the next pupil: what this site has stored in this browser is forgotten. */

import { element } from "../lib/dom.js";
import { removeAll } from "../lib/site-store.js";

/**
 * Ask whether all is to be forgotten.
 * @returns {Promise<boolean>}
 */
export function confirmCleanStart() {
  const forget = element("button", { value: "yes", "data-testid": "clean-start-confirm", class: "primary" }, "Forget it and start over");
  const dialog = element("dialog", { class: "ask", "aria-labelledby": "ask-title" },
    element("form", { method: "dialog" },
      element("h2", { id: "ask-title" }, "A clean start?"),
      element("p", {}, "This removes what this site has stored in this browser: the network, the runs, changed code, drawings, answers and what is done of exercises and lessons. It cannot be undone. Save a report first if it is to be kept."),
      element("p", { class: "soft" }, "The lesson stays, with its settings as the link brought them. So do files that were downloaded, and the copy of the site for use without a network."),
      element("div", { class: "row" }, forget, element("button", { value: "no" }, "Cancel"))));
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener("close", () => {
    dialog.remove();
    resolve(dialog.returnValue === "yes");
  }));
}

/**
 * Forget it all and begin again.
 * @param {import("../app/client.js").Client} client
 * @param {string} hash  to begin with
 */
export async function cleanStart(client, hash) {
  client.close(); // so that nothing is stored meanwhile
  await removeAll();
  history.replaceState(null, "", location.pathname + location.search + hash);
  location.reload();
}
