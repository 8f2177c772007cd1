// What crosses between the page and Python. Generated from the annotations of digitnet.page.session.Session:
// change them there, then run  python -m sitebuilder.border  with pysrc on PYTHONPATH.

/** What the page may ask of Python. */
interface Session {
  add_data(part: string, images: Uint8Array, labels: Uint8Array): null;
  advance(seconds: number): Progress;
  advance_teaching(seconds: number): Teaching;
  apply_code(edits: Record<string, string>): CodeApplied;
  batch(count?: number): Batch;
  can_undo_teaching(): boolean;
  cancel_files(): null;
  cancel_teaching(): Progress;
  cell(row: number, column: number, limit?: number): Cell;
  check_code(): CodeChecks;
  check_exercise(id: string, text: string): ExerciseResult;
  close_file(): null;
  code_fault(): CodeFault;
  configure(changes: Partial<Settings>): Configured;
  connections(count?: number): Connections;
  describe(): Description;
  diagnosis(): Diagnosis;
  drawings_csv(images: Uint8Array, labels: number[]): Uint8Array<ArrayBuffer>;
  evaluation(which?: string): Report;
  examples(count?: number): Reading[];
  exercise(id: string): ExerciseTask;
  exercise_hint(id: string, number: number): string;
  exercise_solution(id: string, text: string): ExerciseSolution;
  exercises(): ExerciseTitle[];
  feed(chunk: Uint8Array): number;
  images(which: string, indices: number[]): Uint8Array<ArrayBuffer>;
  lesson_files(): CodeFile[];
  load(raw: Uint8Array): Configured;
  open_file(name: string, is_first?: boolean, size?: number): null;
  pause(): Progress;
  predict(ink: Uint8Array, height: number, width: number, fit?: boolean, centre?: boolean): Prediction;
  predict_photo(gray: Uint8Array, height: number, width: number): PhotoPrediction;
  predict_pixels(pixels: Uint8Array): Prediction;
  progress(): Progress;
  read_drawings(raw: Uint8Array): Drawings;
  reset(): Progress;
  run_script(began_with: Partial<Settings>, changes: Record<string, Partial<Settings>>, as_notebook?: boolean): string;
  samples(): Samples;
  save(tested?: boolean): Uint8Array<ArrayBuffer>;
  set_class_names(names: string[]): string[];
  source(names: string[]): Record<string, SourceLines>;
  stages(ink: Uint8Array, height: number, width: number, fit?: boolean, centre?: boolean): Stages;
  start(): Description;
  step(): Progress;
  submission(): Uint8Array<ArrayBuffer>;
  teach(images: Uint8Array, labels: number[], rehearse: boolean): null;
  tiles(start?: number, limit?: number): Tiles;
  trace_line(index: number): TraceLine;
  trace_step(single: boolean): Trace;
  trace_terms(index: number, row: number, column: number): Terms;
  undo_teaching(): Progress;
  unit(layer: number, index: number, count?: number): Unit;
  use_files(): Configured;
  votes(count?: number): Votes;
}

/** The settings of a run. */
interface Settings {
  recipe: string;
  data_size: number | "own";
  layers: string;
  activation: string;
  initializer: string;
  optimizer: string;
  learning_rate: number;
  schedule: string;
  batch_size: number | null;
  l2: number;
  epochs: number;
  seed: number;
  shift: number;
  affine: number;
  styles: number;
  ema: number;
  evaluate_every: number;
  patience: number;
}

/** Some images of the latest batch, one after the other: as they are in the data, and as the network saw them. */
interface Batch {
  originals: Uint8Array<ArrayBuffer>;
  seen: Uint8Array<ArrayBuffer>;
  labels: number[];
  step: number;
}

/** Images in one cell of a confusion matrix, and how many there are in all. */
interface Cell {
  indices: number[];
  confidences: (number | null)[];
  count: number;
}

/** What came of new code; `file`, `line` and `message` say why it was refused, where `ok` is false. */
interface CodeApplied {
  ok: boolean;
  kept: boolean;
  edited: string[];
  file: string;
  line: number | null;
  message: string;
  kernel_note: string;
  sizes: number[];
  progress: Progress;
}

/** All checks; `gradient_error` is the largest relative error, null where there is none to compare. */
interface CodeChecks {
  gradient_error: number | null;
  checks: CodeCheck[];
  parameters: GradientCheck[];
}

/** Where in the code a run has failed; all empty where it has not. */
interface CodeFault {
  file: string;
  line: number | null;
  message: string;
}

/** A file of the lesson. */
interface CodeFile {
  name: string;
  text: string;
}

/** The outcome of a change of settings, of loading a network, or of loading images of the visitor's own. */
interface Configured {
  settings: Settings;
  new_network: boolean;
  notice: string;
  sizes: number[];
  class_names: string[];
  own_data: OwnCounts;
  progress: Progress;
}

/** The strongest connections for the digit on the pad, layer by layer from the first hidden one. */
interface Connections {
  layers: LayerConnections[];
}

/** All that the page needs to show its controls. */
interface Description {
  settings: Settings;
  recipes: Recipe[];
  choices: Record<string, string[] | number[]>;
  shipped_first: number;
  most_network_bytes: number;
  most_drawings: number;
  training_available: number;
  own_data: OwnCounts;
  sizes: number[];
  class_names: string[];
  progress: Progress;
}

/** What went wrong in a run; `id` and `text` are empty where nothing did. */
interface Diagnosis {
  id: string;
  text: string;
  remedy: Remedy | null;
}

/** Labelled drawings, one picture after the other. */
interface Drawings {
  pixels: Uint8Array<ArrayBuffer>;
  labels: number[];
}

/** What a check found: the reason is empty unless it is solved. */
interface ExerciseResult {
  state: "solved" | "wrong";
  message: string;
  line: number | null;
  reason: string;
}

/** The whole file, solved, the comparison with the visitor's, and the reason. */
interface ExerciseSolution {
  text: string;
  rows: ComparedLine[];
  reason: string;
}

/** An exercise: what to do in which function, how many hints there are, and the file as it begins. */
interface ExerciseTask {
  id: string;
  title: string;
  kind: "write" | "find";
  file: string;
  target: string;
  task: string;
  hints: number;
  start: string;
  first: number;
  last: number;
}

/** An exercise in the list of them. */
interface ExerciseTitle {
  id: string;
  title: string;
  kind: "write" | "find";
  file: string;
}

/** What the network reads in a photo, and the ink that was found in it, as large as the photo. */
interface PhotoPrediction {
  digit: number | null;
  probabilities: number[];
  seen: Uint8Array<ArrayBuffer>;
  activations: Float32Array<ArrayBuffer>[];
  logits: (number | null)[];
  unlikeness: number | null;
  unfamiliar: boolean;
  trouble: string;
  ink: Uint8Array<ArrayBuffer>;
}

/** What the network reads in one image; `digit` is null for an empty one. `activations` are the hidden layers'. `unlikeness`: how unlike the training images it is, from 0 to 1, null where that means nothing; `unfamiliar`: whether that is much. `trouble`: a sentence on what is wrong with the ink, or empty. */
interface Prediction {
  digit: number | null;
  probabilities: number[];
  seen: Uint8Array<ArrayBuffer>;
  activations: Float32Array<ArrayBuffer>[];
  logits: (number | null)[];
  unlikeness: number | null;
  unfamiliar: boolean;
  trouble: string;
}

/** Where a run stands. Losses are means; what was not measured is null; `position` and `tested_at` are in epochs. `taught`: how many drawings the network was taught last. `tested_after_teaching`: whether it was tested last since then, and not trained in between. */
interface Progress {
  state: "ready" | "training" | "paused" | "done" | "diverged" | "failed";
  message: string;
  traceback: string;
  epoch: number;
  epochs_target: number;
  fraction: number;
  position: number;
  step: number;
  samples: number;
  seconds: number;
  train_loss: number | null;
  train_accuracy: number | null;
  slice_loss: number | null;
  slice_accuracy: number | null;
  test_loss: number | null;
  test_accuracy: number | null;
  tested_at: number | null;
  taught: number;
  tested_after_teaching: boolean;
  validation_accuracy: number | null;
  samples_per_second: number;
  learning_rate: number;
  training_images: number;
  test_images: number;
}

/** One image of a data set: its index there, what it shows, what was read, and the probability of that. */
interface Reading {
  index: number;
  label: number;
  predicted: number;
  confidence: number | null;
}

/** What an evaluation says. `truth` and `distribution` are counts by class: the labels' and the predictions'. */
interface Report {
  count: number;
  accuracy: number;
  loss: number | null;
  confusion: number[][];
  per_class: (number | null)[];
  precision: (number | null)[];
  recall: (number | null)[];
  distribution: number[];
  truth: number[];
  mistakes: Reading[];
  mistake_count: number;
}

/** One test image of each digit. */
interface Samples {
  digits: number[];
  indices: number[];
}

/** The code of a function: its file, its first line's number there, and its text. */
interface SourceLines {
  file: string;
  line: number;
  text: string;
}

/** A drawing between pad and network: its bounding box, and that as a square of `side` pixels. */
interface Stages {
  crop: Uint8Array<ArrayBuffer>;
  height: number;
  width: number;
  box: Uint8Array<ArrayBuffer>;
  side: number;
}

/** How far the teaching is, from 0 to 1, and at its end what came of it. */
interface Teaching {
  fraction: number;
  result: Taught | null;
}

/** The factors of the products that make up one number. */
interface Terms {
  left: Float32Array<ArrayBuffer>;
  right: Float32Array<ArrayBuffer>;
}

/** Pictures of the first layer's weights: count * 784 pixels of units `start` on, 127 standing for `scale`. */
interface Tiles {
  pixels: Int8Array<ArrayBuffer>;
  scale: number;
  count: number;
  start: number;
  total: number;
  layer_sizes: number[];
}

/** A recorded step: its number, the place of every line, and the text that ran of every file it went through. `images`: it learns from so many, of the `batch` that the step would take. */
interface Trace {
  count: number;
  step: number;
  images: number;
  batch: number;
  places: TracePlace[];
  files: CodeFile[];
}

/** A recorded line; `product` names the operands of the sum of products in it, if there is one. */
interface TraceLine {
  index: number;
  count: number;
  file: string;
  line: number;
  function: string;
  depth: number;
  product: string[];
  values: TracedValue[];
}

/** One unit in detail; `product`, `preactivation` and `activation` are for the digit on the pad. */
interface Unit {
  weights: Float32Array<ArrayBuffer>;
  product: Float32Array<ArrayBuffer>;
  bias: number | null;
  preactivation: number | null;
  activation: number | null;
  exciting: Exciting;
  outgoing: Float32Array<ArrayBuffer>;
}

/** Why one class and not the next: pairs are for the winner and for the runner-up, and add up to their scores. layer: of the units, from 0; -1 where they are pixels. Without a readable digit `classes` is empty. */
interface Votes {
  classes: number[];
  layer: number;
  votes: Vote[];
  rest_count: number;
  rest: number[];
  bias: number[];
  scores: number[];
  probabilities: number[];
}

/** One check of the code: what it looked at, what it found, what that usually means. */
interface CodeCheck {
  name: string;
  title: string;
  passed: boolean;
  value: number | null;
  found: string;
  meaning: string;
}

/** A line of a comparison; `line` is its number in the visitor's text, null where it is not in there. */
interface ComparedLine {
  sign: " " | "-" | "+";
  text: string;
  line: number | null;
}

/** Test images that a unit answers to most strongly. */
interface Exciting {
  indices: number[];
  labels: number[];
  activations: (number | null)[];
}

/** The worst entry of one parameter's gradient, by backpropagation and by its measured slope. */
interface GradientCheck {
  name: string;
  error: number | null;
  entry: number[];
  backprop: number | null;
  numerical: number | null;
}

/** Connections into one layer: unit below, unit above, weight × activation. */
interface LayerConnections {
  from: number[];
  to: number[];
  strength: number[];
}

/** How many images of the visitor's own are loaded. */
interface OwnCounts {
  train: number;
  test: number;
  unlabelled: number;
}

/** A named set-up; `must_reach` and `measured` are accuracies as fractions, reached with `settings`. `full`: the same with all of its images, where the page starts with fewer. */
interface Recipe {
  name: string;
  title: string;
  about: string;
  claim: string;
  must_reach: number;
  measured: number;
  settings: Settings;
  full: FullFigures | null;
}

/** What to do about a finding: the button's label, settings to change, and whether to start over. */
interface Remedy {
  label: string;
  changes: Partial<Settings>;
  reset: boolean;
}

/** What came of teaching the network `drawings`, `rehearsed`: with the images that it was trained on. Accuracies are fractions. `own_before` and `own_after` are of as many drawings as were `held_back` in turn from what was learned; where that is 0, of all drawings, the very ones that were learned. `taught_before`: whether the network may have learned them before, so that what was held back was not. */
interface Taught {
  drawings: number;
  rehearsed: boolean;
  held_back: number;
  taught_before: boolean;
  own_before: number;
  own_after: number;
  test_before: number;
  test_after: number;
  per_class_before: (number | null)[];
  per_class_after: (number | null)[];
  progress: Progress;
}

/** Where a recorded line stands: `depth` counts the calls that it is inside of, from 0. */
interface TracePlace {
  file: string;
  line: number;
  function: string;
  depth: number;
}

/** An array or number that a line touched, row by row; an empty shape is a number. */
interface TracedValue {
  name: string;
  shape: number[];
  changed: boolean;
  kind: string;
  numbers: Float32Array<ArrayBuffer>;
}

/** What one unit adds to the scores of two classes, and the classes that it raises and lowers most. */
interface Vote {
  unit: number;
  activation: number;
  parts: number[];
  raises: number[];
  lowers: number[];
}

/** What a recipe reaches with all of its images. */
interface FullFigures {
  data_size: number;
  must_reach: number;
  measured: number;
}
