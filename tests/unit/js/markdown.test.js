import assert from "node:assert/strict";
import { test } from "node:test";

import { blocks, inlines, MOST, questionsIn } from "../../../web/lib/markdown.js";

const text = (/** @type {string} */ value) => ({ kind: "text", text: value });

test("headings, paragraphs, lists, code and questions", () => {
  const found = blocks("# How it learns\nTrain it,\nthen look.\n\n- one\n- two\n  goes on\n\n1. first\n2. second\n\n```\n*a* <b>\n```\n? Why is it\nwrong?");
  assert.deepEqual(found, [
    { kind: "heading", level: 1, content: [text("How it learns")] },
    { kind: "paragraph", content: [text("Train it, then look.")] },
    { kind: "list", isOrdered: false, items: [[text("one")], [text("two goes on")]] },
    { kind: "list", isOrdered: true, items: [[text("first")], [text("second")]] },
    { kind: "code", text: "*a* <b>" },
    { kind: "question", text: "Why is it wrong?", content: [text("Why is it wrong?")] },
  ]);
});

test("emphasis, code and links", () => {
  assert.deepEqual(inlines("*a* **b `c`** `d *e*` [f](https://example.org/g) 2 * 3 * 4"), [
    { kind: "em", content: [text("a")] }, text(" "),
    { kind: "strong", content: [text("b "), { kind: "code", text: "c" }] }, text(" "),
    { kind: "code", text: "d *e*" }, text(" "),
    { kind: "link", address: "https://example.org/g", content: [text("f")] }, text(" 2 * 3 * 4"),
  ]);
});

for (const target of [
  "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,<script>alert(1)</script>", "//example.org", "/etc", "#train",
  "vbscript:x", "http:x", "https://", "file:///etc/passwd", "\u0001javascript:alert(1)", "java\tscript:alert(1)", "blob:https://example.org/1",
]) {
  test(`${JSON.stringify(target)} is no link`, () => {
    const parts = inlines(`see [this](${target}) now`);
    assert.ok(parts.every(({ kind }) => kind === "text"));
    assert.equal(parts.map((part) => part.kind === "text" && part.text).join(""), `see [this](${target}) now`);
  });
}

for (const html of ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "&lt;b&gt;", "[<b>](https://example.org/\"onclick=alert(1))", "![x](https://example.org/x.png)"]) {
  test(`${html} makes no node of its own`, () => {
    const kinds = new Set(JSON.stringify(blocks(html)).match(/"kind":"(\w+)"/g));
    assert.ok([...kinds].every((kind) => /paragraph|text|link/.test(kind)), [...kinds].join());
  });
}

for (const mark of ["*", "**", "`", "[", "](", "[a](", "# ", "- ", "? ", "```\n", " ", "1. ", "*a **", "\r"]) {
  test(`${JSON.stringify(mark)} many times over is read at once, and without an error`, () => {
    const began = performance.now();
    blocks(mark.repeat(MOST));
    blocks(`${mark.repeat(MOST / 2)}x`);
    assert.ok(performance.now() - began < 2_000);
  });
}

test("the questions of a task", () => {
  assert.deepEqual(questionsIn("Train.\n\n? What rises?\n\n- ? no question\n? And what *falls*?"), ["What rises?", "And what *falls*?"]);
});
