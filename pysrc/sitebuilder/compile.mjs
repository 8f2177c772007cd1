// Run by Node: node compile.mjs <pyodide.mjs> <tree> compiles a tree of Python modules with the Pyodide that will run it.

import { readFileSync } from "node:fs";

const [loader, tree] = process.argv.slice(2);
const { loadPyodide } = await import(loader);
// Without the columns in which errors were: half a megabyte less.
const python = await loadPyodide({ env: { PYTHONNODEBUGRANGES: "1" } });
python.mountNodeFS("/tree", tree);
try {
  python.runPython(readFileSync(new URL("compile_tree.py", import.meta.url), "utf8"));
} catch (error) {
  console.error(error.message); // Node would print the whole line of Pyodide that threw it: all of Pyodide
  process.exit(1);
}
