// C[b] = activate(α · op(A[b]) · op(B[b]) + bias + residual[b], ACTIVATION): what every vectorised product kernel shares.
// BLAS gemm (Dongarra et al. 1990) with batches at two levels of strides, so that heads are addressed without copies.
import lib::activation;

// Sizes come in a uniform, not as constants, so that one compiled kernel serves every shape.
struct Sizes {
  M: u32,
  N: u32, // a multiple of 4
  K: u32,
  // Elements between rows of each operand as it is stored; multiples of 4.
  A_STRIDE: u32,
  B_STRIDE: u32,
  C_STRIDE: u32,
  // Batch b lies at OUTER · (b / BATCH_INNER) + INNER · (b % BATCH_INNER) elements; multiples of 4.
  BATCH_INNER: u32,
  A_OUTER: u32,
  A_INNER: u32,
  B_OUTER: u32,
  B_INNER: u32,
  C_OUTER: u32,
  C_INNER: u32,
  // Split s of SPLITS sums terms s · SPLIT_K up to (s + 1) · SPLIT_K into its own copy of C, C_SPLIT elements further.
  SPLITS: u32,
  SPLIT_K: u32,
  C_SPLIT: u32,
}

override WHOLE_K: bool = false; // K is a multiple of 4
override ALPHA: f32 = 1;
override HAS_BIAS: bool = false;
override HAS_RESIDUAL: bool = false; // laid out as C
override ACTIVATION: u32 = 0;

@group(0) @binding(0) var<storage, read_write> a: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> b: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> c: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> bias: array<vec4f>; // [N]
@group(0) @binding(4) var<storage, read_write> residual: array<vec4f>;
@group(0) @binding(5) var<uniform> sizes: Sizes;

// Where a workgroup works: first vectors of its matrices, and its part of the sum.
struct Place {
  a: u32,
  b: u32,
  c: u32,
  k_begin: u32,
  k_end: u32,
}

fn place_of(z: u32) -> Place {
  let split = z % sizes.SPLITS;
  let outer = z / sizes.SPLITS / sizes.BATCH_INNER;
  let inner = z / sizes.SPLITS % sizes.BATCH_INNER;
  var place: Place;
  place.a = (outer * sizes.A_OUTER + inner * sizes.A_INNER) / 4u;
  place.b = (outer * sizes.B_OUTER + inner * sizes.B_INNER) / 4u;
  place.c = (outer * sizes.C_OUTER + inner * sizes.C_INNER + split * sizes.C_SPLIT) / 4u;
  if (sizes.SPLITS == 1u) {
    place.k_end = sizes.K;
  } else {
    place.k_begin = split * sizes.SPLIT_K;
    place.k_end = min(sizes.K, place.k_begin + sizes.SPLIT_K);
  }
  return place;
}

// Applies the epilogue to four columns of a row and writes them; outside C it writes nothing.
fn store(base: u32, row: u32, column4: u32, sum: vec4f) {
  if (row >= sizes.M || column4 >= sizes.N / 4u) { return; }
  let at = base + row * (sizes.C_STRIDE / 4u) + column4;
  var y = ALPHA * sum;
  if (HAS_BIAS) { y += bias[column4]; }
  if (HAS_RESIDUAL) { y += residual[at]; }
  c[at] = activate(y, ACTIVATION);
}

// CPU adapters take seconds to compile an epilogue unrolled over many rows, and pay for every number that is read back.
// There, sums start with bias and residual, are all written, and `finish` goes over them once more in a loop where it must.
fn bias_of(column4: u32) -> vec4f {
  if (HAS_BIAS && ALPHA == 1.0) { return bias[min(column4, sizes.N / 4u - 1u)]; }
  return vec4f(0.0);
}

// What the sum of a row starts with.
fn start(base: u32, row: u32, column4: u32, bias4: vec4f) -> vec4f {
  if (!HAS_RESIDUAL || ALPHA != 1.0) { return bias4; }
  return bias4 + residual[base + min(row, sizes.M - 1u) * (sizes.C_STRIDE / 4u) + min(column4, sizes.N / 4u - 1u)];
}

fn store_sum(base: u32, row: u32, column4: u32, sum: vec4f) {
  if (row >= sizes.M || column4 >= sizes.N / 4u) { return; }
  c[base + row * (sizes.C_STRIDE / 4u) + column4] = sum;
}

fn finish(base: u32, row: u32, column4: u32, rows: u32) {
  if (ALPHA == 1.0 && ACTIVATION == 0u) { return; }
  for (var r = 0u; r < rows; r++) {
    let at = base + (row + r) * (sizes.C_STRIDE / 4u) + column4;
    if (row + r >= sizes.M || column4 >= sizes.N / 4u) { continue; }
    if (ALPHA == 1.0) { c[at] = activate(c[at], ACTIVATION); } else { store(base, row + r, column4, c[at]); }
  }
}

// Sets terms at and beyond the end of the sum to zero: the memory behind a short row may hold anything.
fn within(v: vec4f, k: u32, end: u32) -> vec4f {
  return select(vec4f(0.0), v, vec4u(k, k + 1u, k + 2u, k + 3u) < vec4u(end));
}
