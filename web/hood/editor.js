/** A CodeMirror editor for one Python file at a time. */

import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting, syntaxTree } from "@codemirror/language";
import { forceLinting, lintGutter, linter } from "@codemirror/lint";
import { unifiedMergeView } from "@codemirror/merge";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";
import { constructEditorStyles } from "./editor-styles.js";

/**
 * Where the text cannot be Python, as far as the editor's own grammar sees it while one types.
 * @param {EditorView} view
 */
function syntaxErrors(view) {
  /** @type {import("@codemirror/lint").Diagnostic[]} */
  const found = [];
  syntaxTree(view.state).iterate({
    enter: ({ type, from, to }) => {
      if (type.isError && found.length < 5) found.push({ from, to: Math.max(to, Math.min(from + 1, view.state.doc.length)), severity: "error", message: "Python cannot read this." });
    },
  });
  return found;
}

constructEditorStyles();

export class Editor {
  #comparing = new Compartment();
  #keys;
  /** A state a file: each has its own history. @type {Map<string, EditorState>} */
  #states = new Map();
  #file = "";
  /** What Python has said of a line of the file that is shown, until it is changed. @type {{line: number, message: string} | null} */
  #fault = null;
  /** Whether a change comes from the program, not the visitor. */
  #isQuiet = false;

  /**
   * @param {HTMLElement} parent
   * @param {{onChange: (file: string, text: string) => void, onApply: () => void}} handlers
   */
  constructor(parent, { onChange, onApply }) {
    this.#keys = keymap.of([
      { key: "Mod-Enter", run: () => { onApply(); return true; } },
      indentWithTab, ...searchKeymap, ...historyKeymap, ...defaultKeymap,
    ]);
    this.view = new EditorView({
      parent,
      state: this.#stateOf(""),
      dispatchTransactions: (transactions, view) => {
        view.update(transactions);
        this.#states.set(this.#file, view.state);
        if (transactions.some(({ docChanged }) => docChanged)) this.#fault = null;
        if (!this.#isQuiet && transactions.some(({ docChanged }) => docChanged)) onChange(this.#file, this.text);
      },
    });
  }

  /** @param {string} text */
  #stateOf(text) {
    return EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(), highlightActiveLineGutter(), highlightActiveLine(), drawSelection(), history(), indentOnInput(), bracketMatching(),
        highlightSelectionMatches(), indentUnit.of("    "), python(), syntaxHighlighting(classHighlighter), lintGutter(),
        linter((view) => [...syntaxErrors(view), ...this.#faults(view)], { delay: 300 }), this.#keys, this.#comparing.of([]),
        EditorView.contentAttributes.of({ "aria-label": "Python code", tabindex: "0", spellcheck: "false", autocapitalize: "off" }),
      ],
    });
  }

  get text() {
    return this.view.state.doc.toString();
  }

  /**
   * Show a file, with what has been typed into it and can be undone.
   * @param {string} file
   * @param {string} text  what stands in it when it is shown for the first time
   */
  show(file, text) {
    this.#file = file;
    this.#fault = null;
    this.view.setState(this.#states.get(file) ?? this.#stateOf(text));
    this.#states.set(file, this.view.state);
  }

  /**
   * Replace the text of a file, as typing does: it can be undone.
   * @param {string} text
   * @param {{isQuiet?: boolean}} [options]  whether nobody is to be told
   */
  replace(text, { isQuiet = false } = {}) {
    this.#isQuiet = isQuiet;
    this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length, insert: text } });
    this.#isQuiet = false;
  }

  /**
   * Show the changes against an original within the text, or no longer.
   * @param {string | null} original
   */
  compare(original) {
    this.view.dispatch({
      effects: this.#comparing.reconfigure(original === null ? [] : unifiedMergeView({ original, mergeControls: false })),
    });
  }

  /**
   * Mark a line as wrong until the text is changed, or none.
   * @param {number | null} line  from 1
   * @param {string} message
   */
  mark(line, message) {
    const { doc } = this.view.state;
    this.#fault = line !== null && line >= 1 && line <= doc.lines ? { line, message } : null;
    forceLinting(this.view);
    if (this.#fault) this.view.dispatch({ effects: EditorView.scrollIntoView(doc.line(this.#fault.line).from, { y: "center" }) });
  }

  /**
   * @param {EditorView} view
   * @returns {import("@codemirror/lint").Diagnostic[]}
   */
  #faults(view) {
    if (!this.#fault || this.#fault.line > view.state.doc.lines) return [];
    const { from, to, text } = view.state.doc.line(this.#fault.line);
    return [{ from: from + text.length - text.trimStart().length, to, severity: "error", message: this.#fault.message }];
  }

  /**
   * Put the cursor into a line and scroll to it; the page itself does not move.
   * @param {number} line  from 1
   */
  reveal(line) {
    const { doc } = this.view.state;
    const { from } = doc.line(Math.min(Math.max(line, 1), doc.lines));
    this.view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: "center" }) });
  }

  /** The line that the cursor is in, from 1. */
  get line() {
    return this.view.state.doc.lineAt(this.view.state.selection.main.head).number;
  }
}
