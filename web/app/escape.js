/** Escape closes what was opened last around the focus, and the focus goes back to what opened it. */

/** What has a use of its own for Escape: the editor, dialogs, and fields for long texts, which a slip must not hide. */
const OTHERS = ".cm-editor, dialog, textarea, .sheet";

/**
 * @param {{isOpen: () => boolean, close: () => void}[]} others  what can be open without holding the focus
 */
export function connectEscape(others) {
  addEventListener("keydown", (event) => {
    const { key, target, defaultPrevented } = event;
    // notes close by themselves
    if (key !== "Escape" || defaultPrevented || !(target instanceof Element) || target.closest(OTHERS) || document.querySelector(":popover-open")) return;
    if (hideHints() || closeDetails(target)) return;
    others.find(({ isOpen }) => isOpen())?.close();
  });
  for (const type of ["focusout", "pointerout"]) {
    addEventListener(type, ({ target }) => {
      if (target instanceof Element) target.closest("[data-hintless]")?.removeAttribute("data-hintless");
    });
  }
}

/** Hints of fields, which lie over what stands below; returns whether one was there. */
function hideHints() {
  const fields = [...document.querySelectorAll(".field:is(:hover, :focus-within)")].filter((field) => !field.hasAttribute("data-hintless"));
  for (const field of fields) field.setAttribute("data-hintless", "");
  return fields.length > 0;
}

/**
 * The innermost disclosure around an element that can be closed; returns whether there is one.
 * @param {Element} from
 */
function closeDetails(from) {
  for (let details = from.closest("details"); details; details = details.parentElement?.closest("details") ?? null) {
    const summary = /** @type {HTMLElement | null} */ (details.querySelector(":scope > summary"));
    if (!details.open || !summary?.checkVisibility()) continue;
    details.open = false;
    summary.focus();
    return true;
  }
  return false;
}
