/** Small helpers for building and finding elements. */

/**
 * The element with this id; the page's own markup guarantees that it is there.
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} id
 * @returns {T}
 */
export const byId = (id) => /** @type {T} */ (document.getElementById(id));

/**
 * The element with this data-testid.
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} name
 * @returns {T}
 */
export const byTestId = (name) => /** @type {T} */ (document.querySelector(`[data-testid="${name}"]`));

/**
 * A new element with attributes and children. Attributes that are false or null are left out.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | number | boolean | null>} [attributes]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function element(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

/**
 * The same for SVG.
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | number | boolean | null>} [attributes]
 * @param {...(Node | string)} children
 * @returns {SVGElementTagNameMap[K]}
 */
export function vector(tag, attributes = {}, ...children) {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

/**
 * @template {Element} T
 * @param {T} node
 * @param {Record<string, string | number | boolean | null>} attributes
 * @param {(Node | string)[]} children
 */
function filled(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null) continue;
    if (name === "style") /** @type {any} */ (node).style.cssText = value; // as an attribute the page's policy forbids it
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children);
  return node;
}

/**
 * Replace an element's children; where one of them had the focus, the one in its place gets it.
 * @param {HTMLElement} parent
 * @param {HTMLElement[]} children  that can be focused
 */
export function replaceKeepingFocus(parent, children) {
  const place = Array.from(parent.children).findIndex((child) => child === document.activeElement);
  parent.replaceChildren(...children);
  if (place >= 0) children[Math.min(place, children.length - 1)]?.focus({ preventScroll: true });
}

/**
 * Write an output's text and the unrounded number behind it, touching the page only when they change.
 * @param {HTMLElement} node
 * @param {string} text
 * @param {number | null} value
 */
export function show(node, text, value) {
  if (node.textContent !== text) node.textContent = text;
  const data = value === null || !Number.isFinite(value) ? "" : String(value);
  if (node.dataset.value !== data) node.dataset.value = data;
}
