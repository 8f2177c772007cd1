// Times kernels by themselves, in a memory of their own, on the shapes of a training step: 784-128-10, 64 digits.
// The file is one expression: a function of the addresses of kernels and of a file of images.
async (kernels, imagesAddress) => {
  const [batches, batch, pixels, units, weights] = [30, 64, 784, 128, 784 * 128];
  const memory = new WebAssembly.Memory({ initial: 256 });
  const floats = new Float32Array(memory.buffer), bytes = new Uint8Array(memory.buffer);
  let end = 0;
  const take = (size) => (end += size) - size;
  const fill = (address, size, value) => floats.subarray(address / 4, address / 4 + size).forEach((_, i, part) => { part[i] = value(i); });

  const body = (await fetch(imagesAddress)).body.pipeThrough(new DecompressionStream("gzip"));
  const images = new Uint8Array(await new Response(body).arrayBuffer(), 16, batches * batch * pixels);
  const [digits, dense] = [take(4 * images.length), take(4 * images.length)];
  const [w, g, m, v] = [0, 0, 0, 0].map(() => take(4 * weights));
  const [delta, out, raw, scratch] = [take(4 * batch * units), take(4 * batch * pixels), take(images.length), take(1 << 20)];
  const maps = take(4 * 6 * batch);
  fill(digits, images.length, (i) => images[i] / 255);
  fill(dense, images.length, (i) => (images[i] + 1) / 256);
  fill(w, weights, () => Math.random() - 0.5);
  fill(delta, batch * units, () => Math.random() - 0.5);
  bytes.set(images, raw);
  fill(maps, 6 * batch, (i) => [0.98, 0.2, -2, -0.1, 1.05, 1][i % 6]);

  const row = 4 * pixels, wide = 4 * units, size = batch * pixels;
  const parts = {
    "X @ W, digits": ({ sgemm }, i) => sgemm(batch, units, pixels, digits + 4 * size * i, row, 4, w, wide, 4, out, wide, scratch),
    "X @ W, no zeros": ({ sgemm }, i) => sgemm(batch, units, pixels, dense + 4 * size * i, row, 4, w, wide, 4, out, wide, scratch),
    "X.T @ delta, digits": ({ sgemm }, i) => sgemm(pixels, units, batch, digits + 4 * size * i, 4, row, delta, wide, 4, g, wide, scratch),
    "X.T @ delta, no zeros": ({ sgemm }, i) => sgemm(pixels, units, batch, dense + 4 * size * i, 4, row, delta, wide, 4, g, wide, scratch),
    "Adam's update of W": ({ adam }) => adam(w, g, m, v, weights, 1e-6, 0.9, 0.999, 1e-8),
    "64 images warped": ({ warp }, i) => warp(raw + size * i, maps, batch, out, scratch),
    "64 images to floats": ({ scale }, i) => scale(raw + size * i, size, 1 / 255, out),
  };
  const instances = await Promise.all(kernels.map(async (address) => {
    const code = await (await fetch(address)).arrayBuffer();
    return (await WebAssembly.instantiate(code, { env: { memory } })).instance.exports;
  }));
  const times = Object.fromEntries(Object.keys(parts).map((name) => [name, kernels.map(() => [])]));
  for (let round = 0; round < 40; round++) {
    for (const [name, run] of Object.entries(parts)) {
      instances.forEach((exports, which) => {
        const start = performance.now();
        for (let i = 0; i < batches; i++) run(exports, i);
        times[name][which].push((performance.now() - start) / batches);
      });
    }
  }
  const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];
  return Object.fromEntries(Object.entries(times).map(([name, all]) => [name, all.map(median)]));
}
