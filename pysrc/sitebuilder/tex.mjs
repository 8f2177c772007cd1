// Run by Node: node tex.mjs <temml.mjs> reads [{tex, display}] as JSON and writes the MathML of each as JSON.

import { readFileSync } from "node:fs";

const { default: temml } = await import(process.argv[2]);
const equations = JSON.parse(readFileSync(0, "utf8"));
const mathml = equations.map(({ tex, display }) => {
  try {
    return temml.renderToString(tex, { displayMode: display, throwOnError: true, strict: true });
  } catch (error) {
    console.error(`${tex} – ${error.message}`);
    process.exit(1);
  }
});
process.stdout.write(JSON.stringify(mathml));
