/** How good it is, in figures: the test set large, with when it was measured, and the training set small. */

import { byId, byTestId, show } from "../lib/dom.js";
import { integer, loss, measuredAt, percent } from "../lib/format.js";

export class Score {
  constructor() {
    this.test = byTestId("test-accuracy");
    this.testLoss = byTestId("test-loss");
    this.near = byId("accuracy-near"); // beside the buttons, where the score itself is off the screen
    this.text = byId("score-text");
    this.when = byId("score-when");
    this.trainAccuracy = byTestId("train-accuracy");
    this.trainLoss = byTestId("train-loss");
    this.steps = byTestId("step-count");
    this.count = 0;
  }

  /**
   * @param {Progress} progress
   * @param {boolean} isLoaded  whether the network had learned before its first step here
   */
  update(progress, isLoaded) {
    const { test_accuracy: test, test_loss: testLoss, train_accuracy: train, train_loss: trainLoss } = progress;
    show(this.test, test === null ? "–" : percent(test), test);
    this.near.textContent = this.test.textContent;
    show(this.testLoss, testLoss === null ? "–" : loss(testLoss), testLoss);
    show(this.trainAccuracy, train === null ? "–" : percent(train), train);
    show(this.trainLoss, trainLoss === null ? "–" : loss(trainLoss), trainLoss);
    show(this.steps, integer(progress.step), progress.step);
    const when = progress.tested_after_teaching ? "tested after learning your drawings" : measuredAt(progress.tested_at, isLoaded);
    if (this.when.textContent !== when) this.when.textContent = when;
  }

  /** @param {number} count  how many images it is tested on */
  setTestSize(count) {
    this.text.textContent = `of ${integer(count)} test images correct`;
  }
}
