// What the page is made of, for the type checker. Nothing here is shipped.

/** What the build decides (pysrc/sitebuilder/page.py). */
declare const BUILD: {
  /** Pyodide and NumPy are as their makers publish them. */
  stock: boolean;
  /** How many training images every visitor loads, and how many come when asked for: they stand in the files' names. */
  first: number;
  rest: number;
  /** Names of the lessons in web/lessons/. */
  lessons: string[];
};

/** The files of this version that the worker fetches, by path. */
declare const FILES: Record<string, { bytes: number; sha256: string }>;

interface Window {
  digitnetGuard?: {
    /** The first worker, started before the page's modules were there; `failure` is set if it could not load. */
    worker: (Worker & { failure?: string }) | null;
    fail(message: string): void;
    started(): boolean;
  };
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
  /** Bytes of this stage, as they come over the line. */
  loaded: number;
  total: number;
  /** How much of all stages is there, from 0 to 1; of this one where it is missing. */
  share?: number;
  /** The file that is waited for while nothing arrives. */
  silent?: string;
}

/** The methods of the Python session (worker/session.d.ts), as the page calls them through Comlink. */
type AsyncSession = {
  [Method in keyof Session]: (...args: Parameters<Session[Method]>) => Promise<ReturnType<Session[Method]>>;
};

/** What the worker offers. */
interface WorkerApi {
  session: Record<string, (...args: unknown[]) => unknown>;
  ping(): true;
  boot(options: { kernel: "simd" | "numpy" }, onStage: (stage: Stage) => void): Promise<Started>;
  train(onProgress: (progress: Progress) => void): Promise<Progress>;
  pause(): void;
  hurry(): void;
  loadTest(onStage: (stage: Stage) => void): Promise<Progress>;
  loadAllTraining(onStage: (stage: Stage) => void): Promise<number>;
  setKernel(name: "simd" | "numpy"): Promise<{ kernel: "simd" | "numpy"; kernelNote: string }>;
}
