/** The run to take home: as one Python file, or as a notebook. */

import { byTestId } from "../lib/dom.js";
import { download } from "../lib/download.js";
import { showError, showMessage } from "./state.js";

/**
 * @param {object} parts
 * @param {import("./client.js").Client} parts.client
 * @param {import("./training.js").Training} parts.training
 * @param {import("./runs.js").Runs} parts.runs
 */
export function connectScript({ client, training, runs }) {
  /**
   * @param {string} name
   * @param {string} type
   * @param {boolean} isNotebook
   */
  async function take(name, type, isNotebook) {
    const { beganWith = {}, changes = {} } = runs.course ?? {};
    const text = await client.session.run_script(beganWith, changes, isNotebook);
    download(name, new Blob([text], { type }));
    showMessage(isNotebook ? `${name} repeats this run from its start. It reads MNIST's four files from the folder named in it.`
      : `python ${name} FOLDER repeats this run from its start. It reads MNIST's four files from FOLDER.`);
  }
  for (const [id, name, type] of [["script", "digitnet-run.py", "text/x-python"], ["notebook", "digitnet-run.ipynb", "application/x-ipynb+json"]]) {
    byTestId(id).addEventListener("click", () => training.enqueue(() => take(name, type, id === "notebook").catch(showError)));
  }
}
