/** The form of settings: native controls that show what the session holds, and say what the visitor wants changed. */

import { byId, byTestId, element } from "../lib/dom.js";
import { emit } from "../lib/events.js";
import { parse, settingsOf, text } from "../lib/settings.js";

/** Milliseconds that a reason stands by its field, which shows what holds: it stays in the page's message. */
const REASON = 8_000;

/** @typedef {HTMLInputElement | HTMLSelectElement} Control */

/** Emits `change` with {control, key, value}, `refuse` with {control, reason} and `kernel` with a name. */
export class Controls extends EventTarget {
  /** Fields that are being typed into: what is typed there is not overwritten. @type {Set<Control>} */
  #typing = new Set();
  /** When reasons go, by control. @type {Map<string, number>} */
  #timers = new Map();

  /** @param {HTMLFormElement} form */
  constructor(form) {
    super();
    this.form = form;
    /** The settings that the form has controls for. */
    this.settings = settingsOf(/** @type {Iterable<any>} */ (form.elements));
    /** @type {Map<string, Control>} */
    this.controls = new Map(this.settings.map(({ control }) => [control, byTestId(control)]));
    this.kernel = /** @type {HTMLSelectElement} */ (byTestId("kernel"));
    for (const setting of this.settings) {
      const control = this.#control(setting.control);
      control.addEventListener("change", () => {
        this.#typing.delete(control);
        try {
          emit(this, "change", { control: setting.control, key: setting.key, value: parse(setting, control.value) });
        } catch (error) {
          emit(this, "refuse", { control: setting.control, reason: /** @type {Error} */ (error).message });
        }
      });
      control.addEventListener("input", () => {
        if (control instanceof HTMLInputElement) this.#typing.add(control);
        this.accept(setting.control);
      });
      control.addEventListener("blur", () => this.#typing.delete(control));
    }
    this.kernel.addEventListener("change", () => emit(this, "kernel", this.kernel.value));
    form.addEventListener("submit", (event) => event.preventDefault());
    // on a wide screen nothing is folded
    matchMedia("(max-width: 47.5em)").addEventListener("change", ({ matches }) => {
      /** @type {HTMLDetailsElement} */ (byId("fold")).open = !matches;
    });
  }

  /** @param {string} name */
  #control(name) {
    return /** @type {Control} */ (this.controls.get(name));
  }

  /** @param {Partial<Settings>} settings  those that are known */
  update(settings) {
    for (const { control, key } of this.settings) {
      const setting = settings[key];
      if (setting === undefined) continue;
      const field = this.#control(control);
      const value = text(setting);
      if (field instanceof HTMLSelectElement) this.#ensure(field, value);
      if (field.value !== value && !this.#typing.has(field)) field.value = value;
    }
  }

  /** @param {boolean} enabled */
  enable(enabled) {
    for (const control of [...this.controls.values(), this.kernel]) control.disabled = !enabled;
  }

  /**
   * The choices that the package offers and the page has no words for are added as they are.
   * @param {Record<string, (string | number)[]>} choices
   * @param {Recipe[]} recipes
   */
  setChoices(choices, recipes) {
    for (const { control, key } of this.settings) {
      const select = this.#control(control);
      if (select instanceof HTMLSelectElement) for (const choice of choices[key] ?? []) this.#ensure(select, String(choice));
    }
    this.#control("recipe").replaceChildren(...recipes.map(({ name, title }) => new Option(title, name)));
  }

  /** @param {"simd" | "numpy"} kernel */
  setKernel(kernel) {
    this.kernel.value = kernel;
    this.kernel.dataset.value = kernel;
  }

  /** @param {string | null} label  what the visitor's own data is called, or null when there is none */
  offerOwnData(label) {
    const option = /** @type {HTMLSelectElement} */ (this.#control("data-size")).querySelector('option[value="own"]');
    if (!(option instanceof HTMLOptionElement)) return;
    option.hidden = option.disabled = label === null;
    if (label) option.text = label;
  }

  /**
   * Show by the control why its value was refused.
   * @param {string} name
   * @param {string} reason
   */
  refuse(name, reason) {
    const control = this.#control(name);
    control.setAttribute("aria-invalid", "true");
    const id = `${control.id}-reason`;
    let note = document.getElementById(id);
    if (!note) {
      note = element("small", { class: "reason", id });
      control.after(note);
      control.setAttribute("aria-errormessage", id);
      control.setAttribute("aria-describedby", `${id} ${control.getAttribute("aria-describedby")}`);
    }
    note.textContent = reason;
    clearTimeout(this.#timers.get(name));
    this.#timers.set(name, window.setTimeout(() => this.accept(name), REASON));
  }

  /** @param {string} name */
  accept(name) {
    const control = this.#control(name);
    const note = document.getElementById(`${control.id}-reason`);
    if (!note) return;
    note.remove();
    control.removeAttribute("aria-invalid");
    control.removeAttribute("aria-errormessage");
    control.setAttribute("aria-describedby", String(control.getAttribute("aria-describedby")).replace(`${note.id} `, ""));
  }

  /**
   * @param {HTMLSelectElement} select
   * @param {string} value
   */
  #ensure(select, value) {
    const known = [...select.options].some((option) => option.value === value);
    if (!known) select.add(new Option(Number(value) ? Number(value).toLocaleString("en") : value, value));
  }
}
