/** Edit what runs: the lesson's files in an editor, applied under the running network. */

import { download } from "../lib/download.js";
import { element } from "../lib/dom.js";
import { emit } from "../lib/events.js";
import { throttle } from "../lib/pace.js";
import { Editor } from "./editor.js";
import { Edits } from "./edits.js";
import { withFunctionOf } from "./functions.js";
import { packed, unpacked } from "./link.js";

/** Milliseconds after the last key until the code is applied by itself, where that is wanted. */
const PAUSE = 900;
const MAX_FILE = 200_000;

/** @typedef {"original" | "edited" | "applied" | "failed"} CodeState */

/** Emits `type` when something else is typed, and `apply` when other code runs. */
export class CodePanel extends EventTarget {
  #edits = new Edits(new Map());
  #file = "";
  #isComparing = false;
  #timer = 0;
  #storeSoon = throttle(() => this.#edits.store(), 500, () => undefined);

  /** @param {import("../hood.js").Context} context */
  constructor(context) {
    super();
    this.context = context;
    const button = (/** @type {string} */ id, /** @type {string} */ text, /** @type {string} */ title, /** @type {() => unknown} */ act) => {
      const made = element("button", { type: "button", "data-testid": id || null, title }, text);
      made.addEventListener("click", () => Promise.resolve(act()).catch(context.showError));
      return made;
    };
    this.select = element("select", { "data-testid": "code-file", "aria-label": "File" });
    this.select.addEventListener("change", () => this.show(this.select.value));
    this.applyButton = button("code-apply", "Apply", "Run this code (Ctrl+Enter)", () => this.apply());
    this.applyButton.className = "primary";
    this.automatic = element("input", { type: "checkbox" });
    this.automatic.addEventListener("change", () => this.automatic.checked && this.#applySoon());
    this.upload = element("input", { type: "file", accept: ".py,text/x-python", "data-testid": "code-upload" });
    this.upload.addEventListener("change", () => this.#take().catch(context.showError));
    this.compareButton = button("code-diff", "Compare", "Show what differs from the original", () => this.#compare(!this.#isComparing));
    this.message = element("output", { "data-testid": "code-message", "data-line": "", "aria-live": "polite" });
    this.choices = element("span", { class: "row" });
    this.note = element("p", { class: "soft" });
    const host = element("div", { class: "code-editor", "data-testid": "code-editor" });
    this.element = element("div", { class: "code-panel" },
      element("div", { class: "row" }, this.select, this.applyButton,
        element("label", { class: "check" }, this.automatic, "apply as I type"),
        this.compareButton,
        button("code-restore", "Restore file", "Put the original back and run it; Undo (Ctrl+Z) takes that back", () => this.restore()),
        button("", "Restore function", "Put back the original of the function that the cursor is in", () => this.#restoreFunction()),
        button("", "Restore all", "Put back all files and run them", () => this.#restoreAll())),
      element("div", { class: "row code-said" }, this.message, this.choices),
      host,
      this.note,
      element("div", { class: "row" },
        element("span", { class: "soft" }, "Ctrl+Enter applies. Tab indents; Esc, then Tab leaves the editor. Ctrl+F searches."),
        element("span", { class: "row end" },
          button("code-share", "Share code", "Copy a link with this code; it runs only after a click", () => this.#share()),
          button("code-download", "Download .py", "Download this file", () => download(this.#file, new Blob([this.editor.text], { type: "text/x-python" }))),
          element("label", { class: "button" }, "Upload .py", this.upload))));
    this.editor = new Editor(host, { onChange: (file, text) => this.#typed(file, text), onApply: () => this.apply().catch(context.showError) });
    Object.defineProperty(host, "value", {
      get: () => this.editor.text,
      set: (/** @type {string} */ text) => this.editor.replace(String(text)),
    });
  }

  /** Fetch the originals, and bring back what was typed or comes with the link. */
  async load() {
    const response = await fetch(new URL("lesson.json", import.meta.url));
    if (!response.ok) throw new Error(`lesson.json could not be fetched: the server says ${response.status}.`);
    /** @type {Record<string, string>} */
    const originals = await response.json();
    this.#edits = new Edits(new Map(Object.entries(originals)));
    await this.#edits.load();
    this.select.replaceChildren(...Object.keys(originals).map((file) => new Option(file, file)));
    this.show(this.select.value);
    this.#setState(this.#edits.isPending ? "edited" : "original");
    if (this.#edits.isPending) this.say("This code was kept from your last visit. Apply runs it.");
    this.#askAboutOutdated();
    await this.#fromLink();
  }

  /** @param {string} file */
  show(file) {
    if (this.#isComparing) this.#compare(false);
    this.#file = file;
    this.select.value = file;
    this.editor.show(file, this.#edits.text(file));
    if (this.editor.text !== this.#edits.text(file)) this.editor.replace(this.#edits.text(file), { isQuiet: true });
  }

  get edits() {
    return this.#edits;
  }

  /**
   * Put texts into files, as typing does.
   * @param {Record<string, string>} texts
   */
  put(texts) {
    for (const [file, text] of Object.entries(texts)) this.#edits.type(file, text);
    this.show(Object.keys(texts)[0] ?? this.#file);
    this.#changed();
  }

  /** Run what is typed; the last version that worked goes on where it does not. */
  async apply() {
    clearTimeout(this.#timer);
    const { client, training } = this.context;
    const edits = this.#edits.typed;
    if (!client.isReady) {
      this.say("Python is still loading. Apply again when it is ready.");
      return;
    }
    await training.enqueue(async () => {
      const result = await client.session.apply_code(edits);
      if (!result.ok) {
        if (result.file) this.show(result.file);
        this.#fail(result.message, result.line);
        return;
      }
      this.editor.mark(null, "");
      this.#edits.apply(edits);
      emit(this, "apply");
      const isEdited = result.edited.length > 0;
      this.#setState(this.#edits.isPending ? "edited" : isEdited ? "applied" : "original");
      this.say(result.kept ? (isEdited ? "Applied: this code runs from the next step on." : "The original code runs.")
        : `Applied. The weights do not fit this code: a new network, ${result.sizes.join("-")}, begins.`);
      this.note.textContent = result.kernel_note;
      await training.codeChanged(result);
    });
  }

  /** What was applied is lost with the worker that ran it: it is typed still, and runs again when it is applied. */
  forget() {
    this.context.page.code.value = "original";
    if (!this.#edits.isApplied) return;
    this.#edits.apply({});
    this.#setState(this.#edits.isPending ? "edited" : "original");
    this.say("Python has started anew, with the original code. Apply runs yours again.");
  }

  /** Put the original of the selected file back, and run it. */
  async restore() {
    this.editor.replace(this.#edits.original(this.#file));
    await this.apply();
  }

  async #restoreAll() {
    const files = Object.keys(this.#edits.typed);
    const shown = this.#file;
    for (const file of files) {
      this.show(file);
      this.editor.replace(this.#edits.original(file));
    }
    this.show(shown);
    await this.apply();
  }

  /** Put back the lines of the function or class that the cursor is in. */
  #restoreFunction() {
    const { text, problem } = withFunctionOf(this.#edits.original(this.#file), this.editor.text, this.editor.line);
    if (problem) this.say(problem);
    else this.editor.replace(text);
  }

  /**
   * @param {string} text
   * @param {number | null} [line]
   */
  say(text, line = null) {
    this.message.textContent = text;
    this.message.dataset.line = line === null ? "" : String(line);
    this.message.classList.remove("bad");
  }

  /**
   * Say why the code does not run, and mark the line.
   * @param {string} text
   * @param {number | null} line
   */
  #fail(text, line) {
    this.#setState("failed");
    this.say(text, line);
    this.message.classList.add("bad");
    this.editor.mark(line, text);
  }

  /** The run has stopped in mid-training: where the code is at fault, say so here too. */
  async explainFailure() {
    const { file, line, message } = await this.context.client.session.code_fault();
    if (!message) return;
    if (file) this.show(file);
    this.#fail(message, line);
  }

  /** @param {CodeState} state */
  #setState(state) {
    this.context.section.dataset.state = state;
  }

  /**
   * @param {string} file
   * @param {string} text
   */
  #typed(file, text) {
    this.#edits.type(file, text);
    this.#changed();
  }

  #changed() {
    this.#setState(this.#edits.isPending ? "edited" : this.#edits.isApplied ? "applied" : "original");
    emit(this, "type");
    this.#storeSoon();
    this.#applySoon();
  }

  #applySoon() {
    clearTimeout(this.#timer);
    if (this.automatic.checked && this.#edits.isPending) this.#timer = window.setTimeout(() => this.apply().catch(this.context.showError), PAUSE);
  }

  /** @param {boolean} on */
  #compare(on) {
    this.#isComparing = on;
    this.compareButton.setAttribute("aria-pressed", String(on));
    this.editor.compare(on ? this.#edits.original(this.#file) : null);
  }

  /** A newer version of the site may have newer originals. */
  #askAboutOutdated() {
    const [file] = this.#edits.outdated;
    this.choices.replaceChildren();
    if (!file) return;
    this.show(file);
    this.say(`The original ${file} has changed since you edited it.`);
    const choice = (/** @type {string} */ text, /** @type {() => void} */ act) => {
      const button = element("button", { type: "button" }, text);
      button.addEventListener("click", act);
      return button;
    };
    const settled = () => {
      this.#storeSoon();
      this.say("");
      this.#askAboutOutdated();
    };
    this.choices.append(
      choice("Compare", () => this.#compare(true)),
      choice("Take the new one", () => { this.editor.replace(this.#edits.original(file)); settled(); }),
      choice("Keep mine", () => { this.#edits.keep(file); settled(); }));
  }

  /** Code in a link is shown; it runs after a click. */
  async #fromLink() {
    const code = new URLSearchParams(location.hash.slice(1)).get("code");
    if (!code) return;
    try {
      this.put(await unpacked(code, (file) => this.#edits.originals.has(file)));
      this.say("This code came with the link. Read it; it runs when you press Apply.");
    } catch (error) {
      this.say(/** @type {Error} */ (error).message);
      this.message.classList.add("bad");
    }
  }

  async #share() {
    const address = new URL(location.href);
    const others = address.hash.slice(1).split("&").filter((part) => part && !part.startsWith("code="));
    address.hash = [...others, `code=${await packed(this.#edits.typed)}`].join("&");
    try {
      await navigator.clipboard.writeText(address.href);
      this.say("A link with this code is copied. Whoever opens it sees the code; it runs only after a click.");
    } catch {
      this.say(`A link with this code: ${address.href}`);
    }
  }

  /** Take an uploaded file for the selected one, or for the one that it is called after. */
  async #take() {
    const [file] = this.upload.files ?? [];
    this.upload.value = "";
    if (!file) return;
    if (file.size > MAX_FILE) throw new Error(`${file.name} is too large to be a file of the lesson: ${file.size.toLocaleString("en")} bytes.`);
    const text = await file.text();
    if (text.includes("\0")) throw new Error(`${file.name} is not a text file.`);
    if (this.#edits.originals.has(file.name)) this.show(file.name);
    this.editor.replace(text);
    this.say(`${file.name} is loaded as ${this.#file}. Apply runs it.`);
  }
}
