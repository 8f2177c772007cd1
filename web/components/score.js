/** How good it is, in figures: the test set large, the training set small. */

import { byId, byTestId, show } from "../lib/dom.js";
import { integer, loss, percent } from "../lib/format.js";

export class Score {
  constructor() {
    this.test = byTestId("test-accuracy");
    this.text = byId("score-text");
    this.trainAccuracy = byTestId("train-accuracy");
    this.trainLoss = byTestId("train-loss");
    this.steps = byTestId("step-count");
  }

  /** @param {Progress} progress */
  update(progress) {
    const { test_accuracy: test, train_accuracy: train, train_loss: trainLoss } = progress;
    show(this.test, test === null ? "–" : percent(test), test);
    show(this.trainAccuracy, train === null ? "–" : percent(train), train);
    show(this.trainLoss, trainLoss === null ? "–" : loss(trainLoss), trainLoss);
    show(this.steps, integer(progress.step), progress.step);
  }

  /** @param {number} count  how many digits it is tested on */
  setTestSize(count) {
    this.text.textContent = `of ${integer(count)} unseen digits read right`;
  }
}
