/** The confusion matrix as a picture in the colours on the screen. */

import { confusionSvg } from "./confusion.js";
import { colour, css, mix } from "./theme.js";

/**
 * An SVG document of its own.
 * @param {Pick<Report, "count" | "confusion" | "recall" | "precision"> | null} evaluation
 * @param {string[]} names  of the classes
 */
export function confusionPicture(evaluation, names) {
  const [card, text, soft, positive, negative] = ["--card", "--text", "--soft", "--positive", "--negative"].map(colour);
  return confusionSvg({
    evaluation, names,
    colours: { card: css(card), text: css(text), soft: css(soft) },
    fill: (isCorrect, shade) => css(mix(card, isCorrect ? positive : negative, shade)),
  });
}
