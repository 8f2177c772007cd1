/** What the benchmark asks of the page, through its test ids alone. Runs before the page does; times in seconds. */

window.probes = (() => {
  const element = (name) => document.querySelector(`[data-testid="${name}"]`);
  const value = (name) => Number(element(name).dataset.value);
  const now = () => performance.now() / 1000;
  const frame = () => new Promise(requestAnimationFrame);
  const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, 1000 * seconds));

  /** Wait until a condition holds, looking whenever an attribute of this name changes anywhere; when that was. */
  const until = (attribute, condition) => new Promise((resolve) => {
    const observer = new MutationObserver(look);
    function look() {
      if (!condition()) return;
      observer.disconnect();
      resolve(now());
    }
    observer.observe(document, { subtree: true, attributes: true, attributeFilter: [attribute] });
    look();
  });

  const isNow = (state) => until("data-state", () => document.documentElement?.dataset.state === state);
  const press = (name) => element(name).click();

  /** Seconds from opening to ready, and to the first training. */
  const ready = isNow("ready");
  const training = isNow("training");

  /** Milliseconds that each task over 50 ms has kept the page from answering since training began. */
  async function longTasks() {
    const start = 1000 * (await training);
    await pause(0.1); // they are told later
    return tasks.filter(({ startTime, duration }) => startTime + duration > start).map(({ duration }) => duration);
  }
  const tasks = [];
  new PerformanceObserver((list) => tasks.push(...list.getEntries())).observe({ type: "longtask" });

  /** Train for so many seconds, then pause; the steps a second meanwhile. */
  async function stepsPerSecond(seconds) {
    const next = async (before) => ({ at: await until("data-value", () => value("step-count") > before), count: value("step-count") });
    press("train");
    await isNow("training");
    const first = await next(value("step-count"));
    let last = first;
    while (last.at - first.at < seconds) last = await next(last.count);
    await stop();
    return (last.count - first.count) / (last.at - first.at);
  }

  /** Pause training. */
  async function stop() {
    press("train");
    await isNow("paused");
  }

  /** Seconds from pressing Train until the page shows this accuracy. */
  async function secondsTo(accuracy) {
    const start = now();
    press("train");
    return (await until("data-value", () => value("test-accuracy") >= accuracy)) - start;
  }

  /** Train for so many steps, then pause. */
  async function train(steps) {
    const goal = value("step-count") + steps;
    press("train");
    await until("data-value", () => value("step-count") >= goal);
    await stop();
  }

  /**
   * Draw strokes, one pen movement a frame; for each, the seconds from the last movement to the last change of the
   * probabilities. That is its answer only while nothing else changes them: train at a rate of next to nothing.
   */
  async function latencies(strokes) {
    const pad = element("draw");
    const bars = [...element("probabilities").children];
    const found = [];
    let known = [];
    let changed = 0;
    const observer = new MutationObserver(() => {
      const values = bars.map((bar) => Number(bar.dataset.value));
      if (values.some((p, i) => Math.abs(p - known[i]) > 1e-6)) changed = now();
      known = values;
    });
    observer.observe(element("probabilities"), { subtree: true, attributes: true });
    const send = (type, x, y) => {
      const box = pad.getBoundingClientRect();
      const place = { clientX: box.left + x * box.width, clientY: box.top + y * box.height };
      const kind = { pointerId: 7, pointerType: "pen", isPrimary: true, bubbles: true, cancelable: true };
      pad.dispatchEvent(new PointerEvent(type, { ...place, ...kind, button: type === "pointermove" ? -1 : 0, buttons: 1 }));
    };
    for (let i = 0; i < strokes; i++) {
      press("clear");
      await pause(0.1 + 0.05 * Math.random());
      const [x, slope] = [0.3 + 0.4 * Math.random(), 0.5 * Math.random() - 0.25];
      send("pointerdown", x, 0.2);
      for (let move = 1; move <= 8; move++) {
        await frame();
        send("pointermove", x + (slope * move) / 8, 0.2 + (0.6 * move) / 8);
      }
      const moved = now();
      await pause(0.35);
      send("pointerup", x + slope, 0.8);
      found.push(changed - moved);
    }
    observer.disconnect();
    return found;
  }

  return { ready, isNow, longTasks, stepsPerSecond, secondsTo, train, latencies };
})();
