// What the page is made of, for the type checker. Nothing here is shipped.

/** What the build decides (pysrc/sitebuilder/page.py). */
declare const BUILD: {
  /** Pyodide and NumPy are as their makers publish them. */
  stock: boolean;
  /** How many training images every visitor loads, and how many come when asked for: they stand in the files' names. */
  first: number;
  rest: number;
};

interface Window {
  digitnetGuard: {
    /** The first worker, started before the page's modules were there; `failure` is set if it could not load. */
    worker: (Worker & { failure?: string }) | null;
    fail(message: string): void;
    started(): boolean;
  };
}

/** The settings of a run, with the names of the Python session. */
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
  evaluate_every: number;
  patience: number;
}

interface Progress {
  state: "ready" | "training" | "paused" | "done" | "diverged";
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
  validation_accuracy: number | null;
  samples_per_second: number;
  learning_rate: number;
  message: string;
  training_images: number;
  test_images: number;
}

interface Recipe {
  name: string;
  title: string;
  about: string;
  claim: string;
  /** Of the settings below, with the number of images that the page starts with. */
  must_reach: number;
  measured: number;
  settings: Settings;
  /** The same with all of its images, where the page starts with fewer. */
  full: { data_size: number; must_reach: number; measured: number } | null;
}

interface OwnCounts {
  train: number;
  test: number;
  unlabelled: number;
}

interface Description {
  settings: Settings;
  recipes: Recipe[];
  choices: Record<string, (string | number)[]>;
  /** How many of MNIST's training images every visitor loads; the rest come when asked for. */
  shipped_first: number;
  training_available: number;
  own_data?: OwnCounts;
  sizes: number[];
  progress: Progress;
  class_names: string[];
}

/** What the worker says when Python has started. */
interface Started {
  python: string;
  numpy: string;
  kernel: "simd" | "numpy";
  kernelNote: string;
  description: Description;
}

interface Stage {
  stage: string;
  loaded: number;
  total: number;
}

interface Prediction {
  digit: number | null;
  probabilities: number[];
  seen: Uint8Array;
  activations: Float32Array[];
  logits: number[];
  label?: number | null;
}

interface Configured {
  settings: Settings;
  new_network: boolean;
  notice: string;
  progress: Progress;
  sizes: number[];
}

interface Loaded extends Configured {
  class_names: string[];
}

interface FilesUsed extends Configured {
  own_data: OwnCounts;
}

interface Tiles {
  layer_sizes: number[];
  start: number;
  total: number;
  count: number;
  /** What ±127 stands for, as weight × the deviation of its pixel. */
  scale: number;
  pixels: Int8Array;
}

interface Connections {
  layers: { from: number[]; to: number[]; strength: number[] }[];
}

interface Unit {
  weights: Float32Array;
  product: Float32Array;
  bias: number;
  activation: number | null;
  preactivation: number | null;
  exciting: { indices: number[]; labels: number[]; activations: number[] };
}

interface Reading {
  index: number;
  label: number;
  predicted: number;
  confidence: number;
}

interface Evaluation {
  count: number;
  accuracy: number;
  loss: number;
  confusion: number[][];
  per_class: (number | null)[];
  precision: (number | null)[];
  recall: (number | null)[];
  distribution: number[];
  truth: number[];
  mistakes: Reading[];
  mistake_count: number;
}

interface SourceLines {
  file: string;
  line: number;
  text: string;
}

/** The methods of the Python session, as the page calls them through Comlink. */
interface AsyncSession {
  [method: string]: (...args: any[]) => Promise<any>;
}

/** What the worker offers. */
interface WorkerApi {
  session: Record<string, (...args: unknown[]) => unknown>;
  ping(): true;
  boot(options: { kernel: "simd" | "numpy" }, onStage: (stage: Stage) => void): Promise<Started>;
  train(onProgress: (progress: Progress) => void): Promise<Progress>;
  pause(): void;
  loadAllTraining(onStage: (stage: Stage) => void): Promise<number>;
  setKernel(name: "simd" | "numpy"): Promise<{ kernel: "simd" | "numpy"; kernelNote: string }>;
}
