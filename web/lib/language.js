/**
 * The browser's language, made one that `Intl` takes. uPlot asks `Intl` for it when it is loaded, and a system without
 * a language calls it "C", which is refused: the page would end there.
 */

/**
 * @param {string | undefined} language  as a browser names it
 * @returns {string} the same, or else the language that the page is written in
 */
export function acceptable(language) {
  try {
    new Intl.NumberFormat(language);
    return language || "en-US";
  } catch {
    return "en-US";
  }
}

/** @param {{language?: string}} browser  `navigator` */
export function mendLanguage(browser) {
  const value = acceptable(browser.language);
  if (value !== browser.language) Object.defineProperty(browser, "language", { value, configurable: true });
}

if (typeof document !== "undefined") mendLanguage(navigator); // on import: before modules that come after it
