import assert from "node:assert/strict";
import { test } from "node:test";
import { pieces } from "../../../web/lib/glossary.js";

const ENTRIES = [
  { term: "hidden unit", forms: ["hidden unit", "hidden units"], means: "A." },
  { term: "batch", forms: ["batch", "mini-batch"], means: "B." },
  { term: "weights", forms: ["weight", "weights"], means: "C." },
];
const terms = (text, seen = new Set()) => pieces(text, ENTRIES, seen).map((piece) => (piece.entry ? `[${piece.text}=${piece.entry.term}]` : piece.text)).join("");

test("a word is found in each of its forms, at the beginning of a sentence too, the longest form first", () => {
  assert.equal(terms("Hidden units sum. A mini-batch, one weight."), "[Hidden units=hidden unit] sum. A [mini-batch=batch], one [weight=weights].");
});

test("a word is explained once, and not inside of another word", () => {
  assert.equal(terms("batch after batch, weighted"), "[batch=batch] after batch, weighted");
  const seen = new Set(["batch"]);
  assert.equal(terms("a batch", seen), "a batch");
});

test("the pieces are the text again", () => {
  const text = "Ten hidden units read a batch; weights move.";
  assert.equal(pieces(text, ENTRIES, new Set()).map((piece) => piece.text).join(""), text);
});
