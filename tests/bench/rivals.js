/**
 * Other ways to train the same network on the same digits: 784-128-10, ReLU, softmax, batches of 64.
 * Each function prepares everything and returns a function that trains for about so many seconds and says how many
 * samples a second that were, or returns null where the browser has no such thing.
 */

const [PIXELS, HIDDEN, CLASSES, BATCH, RATE] = [784, 128, 10, 64, 0.001];
const DATA = new URL("../site/data/", import.meta.url);
const PACKAGES = new URL("../packages/", import.meta.url);

/** What is inside a gzipped IDX file, behind its header. */
async function idx(name, header) {
  const { body } = await fetch(new URL(`${name}.gz`, DATA));
  const bytes = await new Response(body.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
  return new Uint8Array(bytes, header);
}

const digits = async () => ({ images: await idx("train-10000-images", 16), labels: await idx("train-10000-labels", 8) });

function script(name) {
  return new Promise((resolve, reject) => {
    const element = Object.assign(document.createElement("script"), { src: new URL(name, PACKAGES), onload: resolve, onerror: reject });
    document.head.append(element);
  });
}

/** TensorFlow.js, on a backend that is already chosen: Adam and `model.fit`, inputs prepared once, no yielding. */
async function fitting(tf) {
  const { images, labels } = await digits();
  const n = labels.length;
  const x = tf.tidy(() => tf.tensor2d(images, [n, PIXELS], "float32").div(255));
  const y = tf.tidy(() => tf.oneHot(tf.tensor1d(labels, "int32"), CLASSES).toFloat());
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ inputShape: [PIXELS], units: HIDDEN, activation: "relu", kernelInitializer: "heNormal" }),
      tf.layers.dense({ units: CLASSES, activation: "softmax" }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(RATE), loss: "categoricalCrossentropy" });
  let speed = 0;

  const fit = async (samples) => {
    const [someX, someY] = [x.slice(0, samples), y.slice(0, samples)];
    const start = performance.now();
    await model.fit(someX, someY, { batchSize: BATCH, epochs: 1, shuffle: true, yieldEvery: "never", verbose: 0 });
    speed = (1000 * samples) / (performance.now() - start);
    tf.dispose([someX, someY]);
    return speed;
  };

  await fit(4 * BATCH);
  await fit(8 * BATCH); // now the speed is known roughly
  return (seconds) => fit(Math.min(n, BATCH * Math.ceil((speed * seconds) / BATCH)));
}

export async function tensorflowWasm() {
  await script("tf.min.js");
  await script("tf-backend-wasm.min.js");
  tf.wasm.setWasmPaths(PACKAGES.href);
  if (!(await tf.setBackend("wasm")) || !(await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT"))) return null;
  return fitting(tf);
}

export async function tensorflowCpu() {
  await script("tf.min.js");
  await tf.setBackend("cpu");
  return fitting(tf);
}

export async function tensorflowWebgl() {
  const gl = document.createElement("canvas").getContext("webgl2");
  const info = gl?.getExtension("WEBGL_debug_renderer_info");
  if (!info || /swiftshader|llvmpipe|software/i.test(gl.getParameter(info.UNMASKED_RENDERER_WEBGL))) return null;
  await script("tf.min.js");
  return (await tf.setBackend("webgl")) ? fitting(tf) : null;
}

export async function tensorflowWebgpu() {
  const adapter = await navigator.gpu?.requestAdapter();
  if (!adapter || adapter.info.isFallbackAdapter || /swiftshader/i.test(adapter.info.architecture)) return null;
  await script("tf.min.js");
  await script("tf-backend-webgpu.min.js");
  return (await tf.setBackend("webgpu")) ? fitting(tf) : null;
}

/** ConvNetJS knows no Adam; momentum is cheaper. */
export async function convnet() {
  await script("convnet-min.js");
  const { images, labels } = await digits();
  const inputs = Array.from(labels, (_, i) => {
    const input = new convnetjs.Vol(1, 1, PIXELS, 0);
    input.w.forEach((_, j) => (input.w[j] = images[PIXELS * i + j] / 255));
    return input;
  });
  const net = new convnetjs.Net();
  net.makeLayers([
    { type: "input", out_sx: 1, out_sy: 1, out_depth: PIXELS },
    { type: "fc", num_neurons: HIDDEN, activation: "relu" },
    { type: "softmax", num_classes: CLASSES },
  ]);
  const trainer = new convnetjs.Trainer(net, { method: "sgd", momentum: 0.9, learning_rate: 0.1, batch_size: BATCH });

  return (seconds) => {
    const start = performance.now();
    let samples = 0;
    do {
      for (let i = 0; i < BATCH; i++, samples++) {
        const which = Math.floor(Math.random() * labels.length);
        trainer.train(inputs[which], labels[which]);
      }
    } while (performance.now() - start < 1000 * seconds);
    return (1000 * samples) / (performance.now() - start);
  };
}

/** This very package on stock Pyodide and NumPy, its products as `a @ b`. */
export async function plainProduct(settings) {
  const { loadPyodide } = await import("../stock/pyodide.mjs");
  const { files } = await (await fetch("../site/manifest.json")).json();
  const wheel = Object.keys(files).find((path) => /digitnet.*whl\.gz$/.test(path));
  const python = await loadPyodide({ packages: ["numpy"] });
  const packed = await fetch(new URL(`../site/${wheel}`, import.meta.url));
  const unpacked = new Response(packed.body.pipeThrough(new DecompressionStream("gzip")));
  python.unpackArchive(await unpacked.arrayBuffer(), "wheel");
  python.FS.writeFile("numpy_training.py", await (await fetch("numpy_training.py")).text());
  const training = python.pyimport("numpy_training");
  const data = {};
  for (const name of ["train-10000-images", "train-10000-labels", "test-images", "test-labels"]) {
    data[name] = await (await fetch(new URL(`${name}.gz`, DATA))).bytes();
  }
  training.use_plain_product();
  const session = training.started(python.toPy(data), python.toPy(settings));
  return (seconds) => training.samples_per_second(session, seconds);
}
