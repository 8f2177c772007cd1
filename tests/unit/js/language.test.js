import assert from "node:assert/strict";
import { test } from "node:test";

import { acceptable, mendLanguage } from "../../../web/lib/language.js";

test("a language that Intl refuses gives way to the page's own", () => {
  assert.throws(() => new Intl.NumberFormat("C"), RangeError);
  assert.equal(acceptable("C"), "en-US");
  assert.equal(acceptable(""), "en-US");
  assert.equal(acceptable(undefined), "en-US");
  assert.equal(acceptable("de-CH"), "de-CH");
});

test("only a browser without a language is corrected", () => {
  const getters = (/** @type {string} */ language) => Object.create({ get language() { return language; } });
  for (const [given, used] of [["C", "en-US"], ["fr", "fr"]]) {
    const browser = getters(given);
    mendLanguage(browser);
    assert.equal(browser.language, used);
  }
});
