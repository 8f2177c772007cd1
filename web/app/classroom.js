/** Lessons: what an address shows, hides and asks for. What it takes is fetched when an address or a button needs it. */

import { byId, byTestId } from "../lib/dom.js";
import { entries, withValues } from "../lib/fragment.js";
import { firstAddress, rememberAddress } from "../lib/first-address.js";
import { isLesson } from "../lib/lesson.js";
import { isOutdated, OUTDATED } from "../lib/version.js";

/** @param {import("../classroom.js").Context} context */
export function connectClassroom(context) {
  const { settings, showError } = context;
  /** @type {Promise<import("../classroom.js").Classroom> | null} */
  let loading = null;

  async function load() {
    // by its address in the site: it is a bundle of its own
    const { Classroom } = /** @type {typeof import("../classroom.js")} */ (await import(new URL("classroom.js", import.meta.url).href));
    return new Classroom(context);
  }

  /** @returns {Promise<import("../classroom.js").Classroom>} */
  const classroom = () => loading ??= load().catch(async (cause) => {
    loading = null;
    throw new Error(await isOutdated() ? OUTDATED : "This part of the page could not be loaded. Check the connection and try again.", { cause });
  });

  let isInForce = false;
  /** The address's lesson comes before its settings, because a lesson's file has settings too. */
  settings.prepare = async () => {
    if (!isLesson(location.hash) && !isInForce) return "";
    isInForce = isLesson(location.hash);
    try {
      return await (await classroom()).apply();
    } catch (error) {
      return /** @type {Error} */ (error).message;
    }
  };
  /**
   * @param {string} name
   * @param {(room: import("../classroom.js").Classroom) => unknown} act
   */
  const onClick = (name, act) => byTestId(name).addEventListener("click", () => classroom().then(act).catch(showError));
  onClick("lesson-builder", (room) => room.build(byId("builder")));
  rememberAddress();
  onClick("clean-start", (room) => room.cleanStart(firstAddress()));
  onClick("report", (room) => room.report());
  const opened = /** @type {HTMLInputElement} */ (byTestId("report-open"));
  opened.addEventListener("change", () => {
    const [file] = opened.files ?? [];
    opened.value = "";
    if (file) classroom().then((room) => room.openReport(file)).catch(showError);
  });
  byTestId("large").addEventListener("click", () => {
    location.hash = withValues(location.hash, { large: entries(location.hash).get("large") === "1" ? null : "1" });
  });
  if (isLesson(location.hash)) classroom().catch(() => undefined); // while Python starts
}
