/**
 * The article's equations and the Python beside them, as the build has written them (pysrc/sitebuilder/article.py):
 * an equation and the lines that compute it light up together, code can be copied, and each line of the kernel says
 * who does its work.
 */

/** Milliseconds for which a button says what it has done. */
const SAID = 2_000;

/**
 * @param {Element} inside  a function
 * @returns {HTMLElement[]} its lines
 */
const linesOf = (inside) => [...inside.querySelectorAll(/** @type {"div"} */ (".code-line"))];

/**
 * The Python of a line, without the mark beside it.
 * @param {HTMLElement} line
 */
const pythonOf = (line) => line.querySelector(".text")?.textContent ?? "";

/**
 * Whether a function is shown as it is in the package that runs.
 * @param {HTMLElement} shown
 * @param {SourceLines} source  with its docstring, which is not shown
 */
function isSame(shown, { line: first, text }) {
  const source = text.trimEnd().split("\n");
  const lines = linesOf(shown);
  return lines.length > 0 && Number(lines[lines.length - 1].dataset.number) === first + source.length - 1
    && lines.every((line) => pythonOf(line) === source[Number(line.dataset.number) - first]);
}

export class Mathematics {
  /** @type {HTMLElement | null} */
  #pointed = null;
  /** @type {HTMLElement | null} */
  #focused = null;

  /** @param {HTMLElement} root  the article */
  constructor(root) {
    this.root = root;
    this.functions = /** @type {HTMLElement[]} */ ([...root.querySelectorAll("[data-function]")]);
    /** @param {Event} event */
    const linked = ({ target }) => /** @type {HTMLElement | null} */ (/** @type {Element} */ (target).closest("[aria-describedby]"));
    root.addEventListener("pointerover", (event) => this.#light(linked(event), this.#focused));
    root.addEventListener("pointerleave", () => this.#light(null, this.#focused));
    root.addEventListener("focusin", (event) => this.#focus(linked(event)));
    root.addEventListener("focusout", () => this.#light(this.#pointed, null));
    root.addEventListener("click", (event) => this.#choose(linked(event)));
    root.addEventListener("keydown", (event) => this.#moveFocus(event, linked(event)));
    for (const block of root.querySelectorAll(".code")) this.#prepare(block);
  }

  /** @param {Element} block  of code: the Tab key stops once in it, and a button copies it */
  #prepare(block) {
    block.querySelector(".marked")?.setAttribute("tabindex", "0");
    const button = /** @type {HTMLButtonElement} */ (block.querySelector(".copy"));
    button.hidden = false;
    button.addEventListener("click", async () => {
      const functions = [...block.querySelectorAll("[data-function]")];
      const text = functions.map((code) => linesOf(code).map(pythonOf).join("\n")).join("\n\n\n");
      try {
        await navigator.clipboard.writeText(`${text}\n`);
        button.textContent = "Copied";
      } catch {
        getSelection()?.selectAllChildren(/** @type {Node} */ (block.querySelector("pre")));
        button.textContent = "Selected: copy it with the keyboard";
      }
      setTimeout(() => (button.textContent = "Copy"), SAID);
    });
  }

  /**
   * Light up what is pointed at, or else what has the focus, and what belongs to it.
   * @param {HTMLElement | null} pointed
   * @param {HTMLElement | null} focused
   */
  #light(pointed, focused) {
    this.#pointed = pointed;
    this.#focused = focused;
    const chosen = pointed ?? focused;
    const lit = chosen ? [chosen, ...this.#partners(chosen)] : [];
    for (const node of this.root.querySelectorAll(".lit")) if (!lit.includes(/** @type {HTMLElement} */ (node))) node.classList.remove("lit");
    for (const node of lit) node.classList.add("lit");
  }

  /** @param {HTMLElement} node  an equation or a line; returns the lines or equations that belong to it */
  #partners(node) {
    const ids = node.getAttribute("aria-describedby")?.split(" ") ?? [];
    return ids.map((id) => /** @type {HTMLElement} */ (document.getElementById(id)));
  }

  /** @param {HTMLElement | null} node */
  #focus(node) {
    this.#light(this.#pointed, node);
    if (!node?.matches(".code-line")) return;
    for (const line of node.closest(".code")?.querySelectorAll(".marked") ?? []) line.setAttribute("tabindex", line === node ? "0" : "-1");
  }

  /** @param {HTMLElement | null} node  clicked or tapped: what belongs to it comes into sight */
  #choose(node) {
    if (!node || getSelection()?.toString()) return;
    node.focus({ preventScroll: true });
    this.#partners(node)[0].scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /**
   * The arrow keys go from one marked line of a block to the next.
   * @param {KeyboardEvent} event
   * @param {HTMLElement | null} node
   */
  #moveFocus(event, node) {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by || !node?.matches(".code-line")) return;
    const lines = /** @type {HTMLElement[]} */ ([...(node.closest(".code")?.querySelectorAll(".marked") ?? [])]);
    const next = lines[lines.indexOf(node) + by];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }

  /** The names of all functions that are shown. */
  get names() {
    return this.functions.map((code) => code.dataset.function ?? "");
  }

  /**
   * Say who does the work of the lines that a kernel may do.
   * @param {"simd" | "numpy"} kernel
   */
  setKernel(kernel) {
    for (const mark of this.root.querySelectorAll(/** @type {"div"} */ (".by"))) mark.textContent = mark.dataset[kernel] ?? "";
  }

  /**
   * Compare what is shown with the package that runs, and name the functions that differ.
   * @param {Record<string, SourceLines>} sources
   */
  compare(sources) {
    const changed = this.functions.filter((code) => !isSame(code, sources[code.dataset.function ?? ""]));
    const note = /** @type {HTMLElement} */ (this.root.querySelector(".changed"));
    note.hidden = changed.length === 0;
    note.textContent = changed.length
      ? `The package that runs has other lines than those below in ${changed.map((code) => code.dataset.function).join(", ")}. Reload the page to see its own.`
      : "";
  }
}
