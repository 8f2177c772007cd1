/** Training in slices, between which the page's requests are answered. */

/** How long one slice takes, in seconds: a prediction waits no longer than this. */
const SLICE = 0.018;
/** Milliseconds after which the next slice begins at the latest: see yieldToMessages. */
const MOST_WAIT = 2;

/** @param {ReturnType<typeof import("./bridge.js").createBridge>["call"]} call  a method of the Python session */
export function createTraining(call) {
  let isRunning = false;
  const channel = new MessageChannel();

  /**
   * Let in the messages that have arrived meanwhile: a message of our own is queued behind them. WebKit delivers it
   * only when the page's main thread is free, and training would wait for everything that is drawn.
   */
  const yieldToMessages = () => new Promise((resolve) => {
    const timer = setTimeout(resolve, MOST_WAIT);
    channel.port1.onmessage = () => {
      clearTimeout(timer);
      resolve(undefined);
    };
    channel.port2.postMessage(null);
  });

  return {
    /**
     * Train until the run is over or pause() is called.
     * @param {(progress: Progress) => unknown} onProgress
     * @returns {Promise<Progress>} the last progress
     */
    async train(onProgress) {
      isRunning = true;
      while (isRunning) {
        const progress = call("advance", SLICE);
        if (progress.state !== "training") return progress;
        onProgress(progress);
        await yieldToMessages();
      }
      return call("pause");
    },

    /** Stop after the current slice. */
    pause() {
      isRunning = false;
    },
  };
}
