// Four loops that NumPy runs slowly in a browser, where it has neither BLAS nor SIMD: a matrix product, Adam's
// update, the scaling of pixels, the warping of images. In AssemblyScript: the syntax of TypeScript, the types and
// instructions of WebAssembly.
//
// They work in place on the memory of the program that calls them, and that memory is somebody else's heap. So
// nothing here allocates, keeps state, or has constants that need a place in memory: all that is ever written is
// the result, and the scratch that the caller hands over. Addresses and strides are in bytes.

/** Rows of A and columns of C that one tile computes: 2 × 16 floats are 8 of the 16 SIMD registers of x86. */
const ROWS: i32 = 2;
const COLUMNS: i32 = 16;
const STRIP: i32 = COLUMNS * 4; // bytes of one row of a tile

/** How much of the inner dimension is done at a time, so that a block of B (256 × 128 floats) stays in the L2 cache. */
const BLOCK: i32 = 256;

/** A list entry: two values of A, one of each row, and the offset of the row of B that they multiply. */
const ENTRY: i32 = 12;

// The scratch: a tile of C that hangs over the edge, the list, the packed block of B.
const LIST: i32 = ROWS * STRIP;
const PACKED: i32 = LIST + BLOCK * ENTRY;

/** Return how many bytes of scratch `sgemm` needs for a product with n columns. */
export function scratchSize(n: i32): i32 {
  return PACKED + BLOCK * ((n + COLUMNS - 1) & -COLUMNS) * 4;
}

/**
 * Write A·B to C: float32, A (m, k), B (k, n), C (m, n).
 *
 * A and B may have any strides (transposed, sliced, reversed). The columns of C are contiguous, and C overlaps
 * neither A nor B nor the scratch.
 *
 * A pixel is zero four times out of five, a rectified activation every other time. So of each pair of rows of A
 * only those columns are kept in which not both are zero, and the work shrinks with them. Leaving out 0·x changes
 * nothing unless x is infinite or NaN; a block of B that holds such a number is multiplied in full.
 */
export function sgemm(
  m: i32, n: i32, k: i32,
  a: usize, aRow: i32, aColumn: i32,
  b: usize, bRow: i32, bColumn: i32,
  c: usize, cRow: i32,
  scratch: usize,
): void {
  const edge = scratch, list = scratch + LIST, packed = scratch + PACKED;
  const pack = bColumn != 4 || n % COLUMNS != 0;
  // At least once, because an empty sum is zero.
  for (let start = 0; start == 0 || start < k; start += BLOCK) {
    const depth = min(BLOCK, k - start);
    let strips = b + start * bRow, row = bRow, nextStrip = STRIP;
    if (pack) {
      packStrips(strips, bRow, bColumn, depth, n, packed);
      strips = packed;
      row = STRIP;
      nextStrip = STRIP * depth;
    }
    let keepZeros = false;
    for (let j = 0, strip = strips; j < n; j += COLUMNS, strip += nextStrip) {
      keepZeros = keepZeros || !allFinite(strip, row, depth);
    }
    for (let i = 0; i < m; i += ROWS) {
      // The second row of an odd last pair is the first again: what is computed twice is written twice.
      const single = i + 1 == m;
      const aPair = a + i * aRow + start * aColumn;
      const end = listPair(aPair, single ? 0 : aRow, aColumn, row, depth, keepZeros, list);
      let c0 = c + i * cRow, c1 = single ? c0 : c0 + cRow;
      for (let j = 0, strip = strips; j < n; j += COLUMNS, strip += nextStrip, c0 += STRIP, c1 += STRIP) {
        if (j + COLUMNS <= n) {
          tile(list, end, strip, c0, c1, start > 0);
        } else {
          const rest = (n - j) * 4;
          memory.copy(edge, c0, rest);
          memory.copy(edge + STRIP, c1, rest);
          tile(list, end, strip, edge, edge + STRIP, start > 0);
          memory.copy(c0, edge, rest);
          memory.copy(c1, edge + STRIP, rest);
        }
      }
    }
  }
}

/** Copy B (k, n) to strips 16 columns wide, one after the other, each with contiguous rows, the last filled up with zeros. */
function packStrips(b: usize, bRow: i32, bColumn: i32, k: i32, n: i32, packed: usize): void {
  // Column by column: one strip fits the L1 cache, so it matters little which way B lies.
  for (let j = 0; j < n; packed += STRIP * k) {
    for (let column = 0; column < COLUMNS; column++, j++) {
      let from = b + j * bColumn, to = packed + column * 4;
      for (let i = 0; i < k; i++, from += bRow, to += STRIP) store<f32>(to, j < n ? load<f32>(from) : 0);
    }
  }
}

/** Whether all numbers of a strip of k rows are finite. */
function allFinite(strip: usize, row: i32, k: i32): bool {
  const zero = f32x4.splat(0);
  let sum = zero; // of 0 · x, which is NaN where x is infinite or NaN; "or" does for "plus" here
  for (let i = 0; i < k; i++, strip += row) {
    const low = v128.or(f32x4.mul(v128.load(strip), zero), f32x4.mul(v128.load(strip, 16), zero));
    const high = v128.or(f32x4.mul(v128.load(strip, 32), zero), f32x4.mul(v128.load(strip, 48), zero));
    sum = v128.or(sum, v128.or(low, high));
  }
  return i32x4.all_true(f32x4.eq(sum, zero));
}

/** List the columns of two rows of A that are not both zero; return where the list ends. */
function listPair(a: usize, aRow: i32, aColumn: i32, bRow: i32, k: i32, keepZeros: bool, entry: usize): usize {
  let offset = 0;
  for (let i = 0; i < k; i++, a += aColumn, offset += bRow) {
    const x = load<u32>(a), y = load<u32>(a + aRow); // bits, of which the sign does not make a zero less zero
    store<u32>(entry, x);
    store<u32>(entry, y, 4);
    store<i32>(entry, offset, 8);
    entry += ((x | y) << 1 | u32(keepZeros)) != 0 ? <usize>ENTRY : 0; // no branch: it would often be guessed wrong
  }
  return entry;
}

/** Set a 2 × 16 tile of C, or add to it: Σ over the list of a pair of A times a row of 16 of B. */
function tile(entry: usize, end: usize, strip: usize, c0: usize, c1: usize, add: bool): void {
  let c00 = f32x4.splat(0), c01 = c00, c02 = c00, c03 = c00;
  let c10 = c00, c11 = c00, c12 = c00, c13 = c00;
  if (add) {
    c00 = v128.load(c0); c01 = v128.load(c0, 16); c02 = v128.load(c0, 32); c03 = v128.load(c0, 48);
    c10 = v128.load(c1); c11 = v128.load(c1, 16); c12 = v128.load(c1, 32); c13 = v128.load(c1, 48);
  }
  for (; entry < end; entry += ENTRY) {
    const b = strip + load<i32>(entry, 8);
    const b0 = v128.load(b), b1 = v128.load(b, 16), b2 = v128.load(b, 32), b3 = v128.load(b, 48);
    const x = v128.load32_splat(entry), y = v128.load32_splat(entry, 4);
    c00 = madd(x, b0, c00); c01 = madd(x, b1, c01); c02 = madd(x, b2, c02); c03 = madd(x, b3, c03);
    c10 = madd(y, b0, c10); c11 = madd(y, b1, c11); c12 = madd(y, b2, c12); c13 = madd(y, b3, c13);
  }
  v128.store(c0, c00); v128.store(c0, c01, 16); v128.store(c0, c02, 32); v128.store(c0, c03, 48);
  v128.store(c1, c10); v128.store(c1, c11, 16); v128.store(c1, c12, 32); v128.store(c1, c13, 48);
}

/** x · y + sum; in the relaxed build one fused instruction where the processor has it. */
// @ts-ignore: decorator
@inline
function madd(x: v128, y: v128, sum: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(x, y, sum) : f32x4.add(f32x4.mul(x, y), sum);
}

/**
 * Adam's update of n weights: m ← m + (1 - β₁)(g - m), v ← v + (1 - β₂)(g² - v), w ← w - rate · m / (√v + ε).
 *
 * w, g, m, v: float32, contiguous. One pass over memory in place of NumPy's dozen.
 */
export function adam(
  w: usize, g: usize, m: usize, v: usize, n: i32, rate: f32, beta1: f64, beta2: f64, epsilon: f32,
): void {
  const new1 = <f32>(1 - beta1), new2 = <f32>(1 - beta2);
  let i = 0;
  for (; i + 4 <= n; i += 4, w += 16, g += 16, m += 16, v += 16) {
    const g4 = v128.load(g), m4 = v128.load(m), v4 = v128.load(v);
    const mean = madd(f32x4.splat(new1), f32x4.sub(g4, m4), m4);
    const square = madd(f32x4.splat(new2), f32x4.sub(f32x4.mul(g4, g4), v4), v4);
    const root = f32x4.add(f32x4.sqrt(square), f32x4.splat(epsilon));
    v128.store(m, mean);
    v128.store(v, square);
    v128.store(w, f32x4.sub(v128.load(w), f32x4.div(f32x4.mul(f32x4.splat(rate), mean), root)));
  }
  for (; i < n; i++, w += 4, g += 4, m += 4, v += 4) {
    const g1 = load<f32>(g);
    const mean = load<f32>(m) + new1 * (g1 - load<f32>(m));
    const square = load<f32>(v) + new2 * (g1 * g1 - load<f32>(v));
    store<f32>(m, mean);
    store<f32>(v, square);
    store<f32>(w, load<f32>(w) - rate * mean / (sqrt<f32>(square) + epsilon));
  }
}

/** Write n bytes as float32 times a factor; both contiguous. */
export function scale(bytes: usize, n: i32, factor: f32, floats: usize): void {
  const f = f32x4.splat(factor);
  let i = 0;
  for (; i + 16 <= n; i += 16, bytes += 16, floats += 64) {
    const low = i16x8.extend_low_i8x16_u(v128.load(bytes)), high = i16x8.extend_high_i8x16_u(v128.load(bytes));
    v128.store(floats, f32x4.mul(f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(low)), f));
    v128.store(floats, f32x4.mul(f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(low)), f), 16);
    v128.store(floats, f32x4.mul(f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(high)), f), 32);
    v128.store(floats, f32x4.mul(f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(high)), f), 48);
  }
  for (; i < n; i++, bytes++, floats += 4) store<f32>(floats, <f32>load<u8>(bytes) * factor);
}

/** Pixels along an image, and along the same with a frame of paper: one pixel before, and three behind, up to a power of 2. */
const SIDE: i32 = 28;
const FRAMED: i32 = 32;

/**
 * Redraw n images of 28 × 28 bytes, each through a map of its own, 6 floats (a, b, c, d, e, f): the pixel at (row,
 * column) comes from row a row + b column + c and column d row + e column + f, between pixels by bilinear interpolation.
 *
 * The scratch has room for 32 × 32 bytes. Every operation is NumPy's in ops.py, in its order, so the result is the same.
 */
export function warp(images: usize, maps: usize, n: i32, warped: usize, scratch: usize): void {
  const least = f32x4.splat(-1), most = f32x4.splat(<f32>SIDE), half = f32x4.splat(0.5);
  const byte = i32x4.splat(0xff);
  memory.fill(scratch, 0, FRAMED * FRAMED);
  const inside = scratch + FRAMED + 1;
  for (let i = 0; i < n; i++, maps += 24) {
    for (let to = inside, end = inside + SIDE * FRAMED; to < end; to += FRAMED, images += SIDE) {
      const tail = v128.load(images, SIDE - 16);
      v128.store(to, v128.load(images));
      v128.store(to, tail, SIDE - 16);
    }
    const a = load<f32>(maps), c = load<f32>(maps, 8), d = load<f32>(maps, 12), f = load<f32>(maps, 20);
    const b = v128.load32_splat(maps, 4), e = v128.load32_splat(maps, 16);
    for (let row = 0; row < SIDE; row++) {
      const yStart = f32x4.splat(a * <f32>row + c), xStart = f32x4.splat(d * <f32>row + f);
      let column = f32x4(0, 1, 2, 3);
      for (let end = warped + SIDE; warped < end; warped += 4, column = f32x4.add(column, f32x4.splat(4))) {
        const y = f32x4.min(f32x4.max(f32x4.add(yStart, f32x4.mul(b, column)), least), most);
        const x = f32x4.min(f32x4.max(f32x4.add(xStart, f32x4.mul(e, column)), least), most);
        const top = f32x4.floor(y), left = f32x4.floor(x);
        const down = f32x4.sub(y, top), right = f32x4.sub(x, left);
        // A number that is not one becomes 0 here: it cannot lead out of the frame.
        const at = i32x4.add(i32x4.shl(i32x4.trunc_sat_f32x4_s(top), 5), i32x4.trunc_sat_f32x4_s(left));
        // Pairs of neighbours: four of the upper rows, then four of the lower ones.
        const p0 = inside + i32x4.extract_lane(at, 0), p1 = inside + i32x4.extract_lane(at, 1);
        const p2 = inside + i32x4.extract_lane(at, 2), p3 = inside + i32x4.extract_lane(at, 3);
        let pairs = v128.load16_splat(p0);
        pairs = v128.load16_lane(p1, pairs, 1);
        pairs = v128.load16_lane(p2, pairs, 2);
        pairs = v128.load16_lane(p3, pairs, 3);
        pairs = v128.load16_lane(p0, pairs, 4, FRAMED);
        pairs = v128.load16_lane(p1, pairs, 5, FRAMED);
        pairs = v128.load16_lane(p2, pairs, 6, FRAMED);
        pairs = v128.load16_lane(p3, pairs, 7, FRAMED);
        const upper = between(i32x4.extend_low_i16x8_u(pairs), byte, right);
        const lower = between(i32x4.extend_high_i16x8_u(pairs), byte, right);
        const ink = f32x4.add(f32x4.add(upper, f32x4.mul(down, f32x4.sub(lower, upper))), half);
        const words = i32x4.trunc_sat_f32x4_s(ink);
        const shorts = i16x8.narrow_i32x4_s(words, words);
        v128.store32_lane(warped, i8x16.narrow_i16x8_u(shorts, shorts), 0);
      }
    }
  }
}

/** The numbers a share of the way from the low byte to the high byte of each pair. */
// @ts-ignore: decorator
@inline
function between(pairs: v128, byte: v128, share: v128): v128 {
  const first = f32x4.convert_i32x4_s(v128.and(pairs, byte)), second = f32x4.convert_i32x4_s(i32x4.shr_u(pairs, 8));
  return f32x4.add(first, f32x4.mul(share, f32x4.sub(second, first)));
}
