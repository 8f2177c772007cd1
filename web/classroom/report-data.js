/** What goes into a report: from the lesson, the runs, the network as it is, and the code that was changed. */

import { Edits } from "../hood/edits.js";
import { lineDiff } from "../lib/line-diff.js";
import { questionsIn } from "../lib/markdown.js";
import { MOST_UNITS } from "../lib/report-file.js";
import { nameOf } from "./lesson-card.js";

/**
 * @param {object} parts
 * @param {import("../classroom.js").Context} parts.context
 * @param {import("../lib/lesson.js").Lesson} parts.lesson
 * @param {import("./progress.js").Entry} parts.entry
 * @param {Map<string, string>} parts.titles  of steps
 * @returns {Promise<import("../lib/report-file.js").ReportData>}
 */
export async function collectReport({ context: { client, page, runs }, lesson, entry, titles }) {
  const { session } = client;
  const isTested = client.isReady && page.progress.value?.test_accuracy != null;
  const [evaluation, weights, code] = await Promise.all([
    isTested ? session.evaluation() : null,
    client.isReady ? session.tiles(0, MOST_UNITS) : null,
    changedCode(),
  ]);
  return {
    name: "",
    date: today(),
    title: lesson.title,
    remarks: "",
    answers: questionsIn(lesson.task).map((question) => ({ question, answer: entry.answers[question] ?? "" })),
    steps: lesson.steps.map((step) => {
      const name = nameOf(step);
      return { name: titles.get(name) ?? step.id, isDone: entry.done.includes(name), notes: entry.answers[name] ?? "" };
    }),
    runs: runs.all.filter(({ started }) => started),
    test: evaluation && { evaluation, names: page.classNames.value },
    weights,
    code,
  };
}

/** This day where the visitor is, as in 2026-11-24. */
function today() {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}

/** The files that were changed, each with what differs from the original. */
async function changedCode() {
  const response = await fetch(new URL("lesson.json", import.meta.url));
  if (!response.ok) throw new Error("The original code could not be fetched to compare with. Check the connection and try again.");
  const edits = new Edits(new Map(Object.entries(await response.json())));
  await edits.load();
  return Object.entries(edits.typed).map(([file, text]) => ({ file, rows: lineDiff(edits.original(file), text) }));
}
