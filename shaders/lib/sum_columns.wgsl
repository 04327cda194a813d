// y[p, s, c] = Σ_q x[p, q, c] over the rows q of chunk s
// Higham 1993, "The accuracy of floating point summation": short chunks side by side, then their sums by this kernel again, in a
// fixed order.
import lib::line;

// Sizes come in a uniform, so that one compiled kernel serves every shape.
struct Sizes {
  Q: u32,
  C: u32, // a multiple of LANES
  CHUNKS: u32, // of q, for each p
  CHUNK: u32, // rows of a chunk
}

@group(0) @binding(0) var<storage, read_write> x: array<Value>; // [P, Q, C]
@group(0) @binding(1) var<storage, read_write> y: array<Value>; // [P, CHUNKS, C]
@group(0) @binding(2) var<uniform> sizes: Sizes;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = line(group, groups) * 64u + lane;
  if (i >= arrayLength(&y)) { return; }
  let width = sizes.C / LANES;
  let s = i / width;
  let first = (s % sizes.CHUNKS) * sizes.CHUNK;
  let last = min(first + sizes.CHUNK, sizes.Q);
  let base = (s / sizes.CHUNKS) * sizes.Q * width + i % width;
  var even = Value(0.0);
  var odd = Value(0.0);
  var q = first;
  for (; q + 1u < last; q += 2u) {
    even += x[base + q * width];
    odd += x[base + (q + 1u) * width];
  }
  if (q < last) { even += x[base + q * width]; }
  y[i] = even + odd;
}
