/**
 * The editor's own styles as constructed style sheets: it would put them into the page as <style> elements, which the
 * page's Content-Security-Policy forbids.
 */

import { StyleModule } from "style-mod";

/** @type {WeakMap<StyleModule, CSSStyleSheet>} */
const sheets = new WeakMap();

/** @param {StyleModule} module */
function sheetOf(module) {
  const sheet = sheets.get(module) ?? new CSSStyleSheet();
  // Constructed sheets come after the page's: without the weight of its generated class each rule gives way to the
  // page's all the same.
  if (!sheets.has(module)) sheet.replaceSync(module.getRules().replace(/\.(\u037c\w+)/g, ":where(.$1)"));
  sheets.set(module, sheet);
  return sheet;
}

/** To be called before the first editor is made. */
export function constructEditorStyles() {
  StyleModule.mount = (root, modules) => {
    const own = [modules].flat().map(sheetOf);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets.filter((sheet) => !own.includes(sheet)), ...own];
  };
}
