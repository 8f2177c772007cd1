import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

import { withValues } from "../../../web/lib/fragment.js";
import { combined, fragmentOf, isLesson, lessonIn, pairsOf } from "../../../web/lib/lesson.js";

const EMPTY = lessonIn("").lesson;

test("what is built is read back", () => {
  /** @type {import("../../../web/lib/lesson.js").Lesson} */
  const lesson = {
    ...EMPTY,
    title: "Why & how = “fails” + 50 %, 100#",
    task: "# A task\n\n- with `a+b` & [links](https://example.org/?a=1&b=2#c)\n? Why?",
    steps: [{ kind: "experiment", id: "ten-images" }, { kind: "exercise", id: "softmax" }],
    hide: ["optimizer", "runs"], show: ["train"], fix: ["learning-rate"], isLarge: true, embed: "draw", file: "how-it-learns",
  };
  assert.deepEqual(lessonIn(`#seed=3&${pairsOf(lesson)}`), { lesson, problems: [] });
  assert.equal(pairsOf(EMPTY), "");
});

test("values are form-encoded: a plus is a space", () => {
  const { lesson } = lessonIn("#title=How+it%20learns&task=one%0Atwo%2Bthree&steps=experiment:a, exercise:b");
  assert.deepEqual([lesson.title, lesson.task], ["How it learns", "one\ntwo+three"]);
  assert.deepEqual(lesson.steps, [{ kind: "experiment", id: "a" }, { kind: "exercise", id: "b" }]);
});

test("what makes no sense is named", () => {
  const { lesson, problems } = lessonIn("#large=yes&steps=experiment:a,quiz:b,exercise:../x,<b>");
  assert.deepEqual(lesson.steps, [{ kind: "experiment", id: "a" }]);
  assert.equal(lesson.isLarge, false);
  assert.match(problems.join(" "), /yes.*quiz:b, exercise:\.\.\/x, <b>/);
});

test("only a lesson's own keys make an address a lesson", () => {
  for (const hash of ["", "#train", "#seed=3", "#experiment=a", "#exercise=b&code=c"]) assert.equal(isLesson(hash), false, hash);
  for (const hash of ["#large=1", "#embed=draw", "#seed=3&lesson=a", "#hide=runs"]) assert.equal(isLesson(hash), true, hash);
});

test("a broken or hostile fragment is no error", () => {
  for (const hash of ["#%", "#title=%E0%A4%A", "#=&=&&", "#hide=%00", "#__proto__=1&title=a", `#task=${"x".repeat(100_000)}`, `#hide=${"a,".repeat(10_000)}`]) {
    assert.ok(Array.isArray(lessonIn(hash).lesson.hide));
  }
});

test("a key's value is replaced, and all else stays as it is", () => {
  assert.equal(withValues("#a=1+2&top&b=3", { a: "x y" }), "#top&b=3&a=x%20y");
  assert.equal(withValues("#experiment=a", { experiment: null }), "");
});

test("an address goes on top of its lesson's file, whose texts stay out of the address", () => {
  const file = fragmentOf({ title: "A", task: ["one", "", "two"], steps: ["experiment:a"], epochs: 3, seed: "5", hide: ["runs", "hint"] });
  const { whole, shown } = combined("#lesson=a&seed=9", file);
  assert.equal(shown, "#lesson=a&seed=9&epochs=3&hide=runs,hint");
  const { lesson } = lessonIn(whole);
  assert.deepEqual([lesson.title, lesson.task, lesson.hide], ["A", "one\n\ntwo", ["runs", "hint"]]);
  assert.equal(combined(shown, file).shown, shown);
});

for (const wrong of [null, [], "a", {}, { title: "" }, { title: 1 }, { title: "A", hide: { a: 1 } }, { title: "A", task: [1] }, { title: "A", seed: null }]) {
  test(`${JSON.stringify(wrong)} is no lesson`, () => assert.throws(() => fragmentOf(wrong), /title|must be/));
}

const folder = new URL("../../../web/lessons/", import.meta.url);
/** @param {string} name */
const read = (name) => JSON.parse(readFileSync(new URL(name, folder), "utf8"));

for (const name of readdirSync(folder).filter((file) => file.endsWith(".json") && "title" in read(file))) {
  test(`the lesson ${name} is one, without a problem`, () => {
    const { lesson, problems } = lessonIn(fragmentOf(read(name)));
    assert.deepEqual(problems, []);
    assert.ok(lesson.title && lesson.task && lesson.steps.length);
  });
}
