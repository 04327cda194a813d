// y[p, s, c] = Σ_q x[p, q, c] over the rows q of chunk s
// Higham 1993, "The accuracy of floating point summation": short chunks side by side, then their sums by this kernel again, in a
// fixed order.
import lib::line;

override Q: u32;
override C: u32; // a multiple of LANES
override CHUNKS: u32; // of q, for each p
override CHUNK: u32; // rows of a chunk

@group(0) @binding(0) var<storage, read_write> x: array<Value>; // [P, Q, C]
@group(0) @binding(1) var<storage, read_write> y: array<Value>; // [P, CHUNKS, C]

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = line(group, groups) * 64u + lane;
  if (i >= arrayLength(&y)) { return; }
  let width = C / LANES;
  let s = i / width;
  let first = (s % CHUNKS) * CHUNK;
  let last = min(first + CHUNK, Q);
  let base = (s / CHUNKS) * Q * width + i % width;
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
