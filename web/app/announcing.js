/** What happens and is not seen by everybody: a run's end, a new state, and what a drawing was read as. */

import { ended } from "../lib/announcements.js";
import { on } from "../lib/events.js";
import { follow, isTrained, page } from "./state.js";

/** Milliseconds without a pen on the pad until its drawing is a whole one. */
const REST = 800;

/**
 * @param {object} parts
 * @param {import("../components/announcer.js").Announcer} parts.announcer
 * @param {import("./training.js").Training} parts.training
 * @param {import("../components/drawing-pad.js").DrawingPad} parts.pad
 * @param {import("../components/pad-keys.js").PadKeys} parts.padKeys
 * @param {{seen: () => Promise<unknown>}} parts.reading
 * @param {import("../components/answer.js").Answer} parts.answer
 */
export function connectAnnouncements({ announcer, training, pad, padKeys, reading, answer }) {
  on(training, "end", (progress) => announcer.say(ended(progress)));
  on(padKeys, "say", (sentence) => announcer.say(sentence));

  let before = page.state.value;
  follow(() => {
    const state = page.state.value;
    if (state === "ready" && before !== "ready") {
      announcer.say(isTrained.value ? "Ready. The network is trained." : "Ready. The network is not trained yet.");
    }
    before = state;
  });

  let timer = 0;
  async function sayAnswer() {
    if (pad.isDrawing) return;
    try {
      await reading.seen();
    } catch {
      return; // the page says what has failed
    }
    if (!pad.isDrawing) announcer.say(answer.spoken);
  }
  function sayAnswerSoon() {
    clearTimeout(timer);
    timer = window.setTimeout(sayAnswer, REST);
  }
  on(pad, "change", sayAnswerSoon);
  on(pad, "lift", sayAnswerSoon);
}
