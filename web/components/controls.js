/** The form of settings: native controls that show what the session holds, and say what the visitor wants changed. */

import { byId, byTestId } from "../lib/dom.js";
import { emit } from "../lib/events.js";
import { parse, settingsOf, text } from "../lib/settings.js";

/** @typedef {HTMLInputElement | HTMLSelectElement} Control */

/** Emits `change` with {control, key, value}, `refuse` with {control, reason} and `kernel` with a name. */
export class Controls extends EventTarget {
  /** Fields that are being typed into: what is typed there is not overwritten. @type {Set<Control>} */
  #typing = new Set();

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
    matchMedia("(max-width: 760px)").addEventListener("change", ({ matches }) => {
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
    const field = /** @type {HTMLElement} */ (control.parentElement);
    let note = field.querySelector(".reason");
    if (!note) {
      note = document.createElement("small");
      note.className = "reason";
      field.append(note);
    }
    note.textContent = reason;
    setTimeout(() => this.accept(name), 8000);
  }

  /** @param {string} name */
  accept(name) {
    const control = this.#control(name);
    control.removeAttribute("aria-invalid");
    control.parentElement?.querySelector(".reason")?.remove();
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
