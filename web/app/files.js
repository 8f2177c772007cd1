/** Files that the visitor saves, loads or drops: networks, data and photos. */

import { inkPicture } from "../lib/digits.js";
import { byId, byTestId } from "../lib/dom.js";
import { download } from "../lib/download.js";
import { on } from "../lib/events.js";
import { greyOf } from "../lib/photo.js";
import { handOver, kindOf, requireSize } from "../lib/uploads.js";
import { clearMessage, page, showError, showMessage } from "./state.js";

export class Files {
  #isCancelled = false;
  /** What is wrong with a photo: it no longer matters when another picture is on the pad. @type {import("./state.js").Message | null} */
  #photoError = null;

  /**
   * @param {object} parts
   * @param {import("./client.js").Client} parts.client
   * @param {import("./training.js").Training} parts.training
   * @param {import("./settings.js").SettingsController} parts.settings
   * @param {import("../components/drawing-pad.js").DrawingPad} parts.pad
   * @param {import("../components/own-data.js").OwnData} parts.ownData
   */
  constructor({ client, training, settings, pad, ownData }) {
    this.client = client;
    this.training = training;
    this.settings = settings;
    this.pad = pad;
    this.ownData = ownData;
    byTestId("save").addEventListener("click", () => this.#save());
    onFiles("load", ([file]) => this.#loadNetwork(file));
    onFiles("load-data", (files) => this.#loadData(files));
    onFiles("load-image", ([file]) => this.#placePhoto(file));
    on(pad, "change", () => {
      if (page.message.value === this.#photoError) clearMessage();
    });
    addEventListener("dragover", (event) => event.preventDefault());
    addEventListener("drop", (event) => {
      event.preventDefault();
      this.#take([...(event.dataTransfer?.files ?? [])]);
    });
    on(ownData, "cancel", () => (this.#isCancelled = true));
    on(ownData, "submission", () => training.enqueue(async () => {
      download("submission.csv", new Blob([await client.session.submission()], { type: "text/csv" }));
    }));
    on(ownData, "names", (names) => training.enqueue(async () => {
      clearMessage();
      const before = page.classNames.value;
      const after = await client.session.set_class_names(names);
      pad.renameLabels(before, after);
      page.classNames.value = after;
      await training.refresh();
    }));
  }

  #save() {
    return this.training.enqueue(async () => {
      download(`digitnet-${page.sizes.value.join("-")}.npz`, new Blob([await this.client.session.save()]));
      this.training.note(await this.client.session.progress()); // it may have been tested for that
      await this.training.updateResults();
    });
  }

  /** @param {File} file */
  #loadNetwork(file) {
    return this.training.interrupt(async () => {
      clearMessage();
      requireSize(file, page.mostNetworkBytes.value);
      const loaded = await this.client.session.load(new Uint8Array(await file.arrayBuffer()));
      page.awaitedImages.value = null;
      this.training.apply(loaded);
      page.isLoaded.value = true;
      this.settings.updateAddress();
      showMessage(`${file.name}: ${loaded.notice}`);
      await this.training.refresh();
      return false;
    });
  }

  /** @param {File[]} files  CSV or IDX, to be used together */
  #loadData(files) {
    return this.training.interrupt(async () => {
      this.#isCancelled = false;
      clearMessage();
      try {
        const onPiece = (/** @type {File} */ file, /** @type {number} */ loaded, /** @type {number} */ rows) =>
          this.ownData.loading(file.name, loaded, file.size, rows);
        const news = await handOver(this.client.session, files, onPiece, () => this.#isCancelled);
        if (!news) {
          showMessage("Loading was cancelled. Nothing has changed.");
          return true;
        }
        if (news.new_network) page.awaitedImages.value = null;
        this.training.apply(news);
        this.settings.updateAddress();
        showMessage(news.notice);
        if (news.new_network) await this.training.refresh();
        return !news.new_network;
      } finally {
        this.ownData.idle();
      }
    });
  }

  /** @param {File} file  a photo or scan */
  #placePhoto(file) {
    return this.training.enqueue(async () => {
      clearMessage();
      try {
        const { grey, height, width } = await greyOf(file);
        const { ink } = await this.client.session.predict_photo(grey, height, width);
        this.pad.place(inkPicture(ink, height, width));
      } catch (error) {
        showError(error);
        this.#photoError = page.message.value;
      }
    });
  }

  /** @param {File[]} files  dropped on the page */
  #take(files) {
    const kinds = new Set(files.map(kindOf));
    const [kind] = kinds;
    const isOne = files.length === 1;
    if (kinds.size === 1 && kind === "data") this.#loadData(files);
    else if (isOne && kind === "image") this.#placePhoto(files[0]);
    else if (isOne && kind === "network") this.#loadNetwork(files[0]);
    else if (files.length) {
      const unknown = files.find((file) => kindOf(file) === null);
      const reason = unknown ? `${unknown.name} cannot be used here.` : "These files cannot be used together.";
      showMessage(`${reason} Drop one image, one saved network (.npz), or CSV or IDX files.`, { isError: true });
    }
  }
}

/**
 * @param {string} id  of a file input
 * @param {(files: File[]) => void} handler
 */
function onFiles(id, handler) {
  const input = /** @type {HTMLInputElement} */ (byId(id));
  input.addEventListener("change", () => {
    const files = [...(input.files ?? [])];
    input.value = "";
    if (files.length) handler(files);
  });
}
