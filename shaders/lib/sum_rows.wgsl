// y[q, s] = Σ_p Σ_c x[p, q, c] over the columns c of chunk s
// Higham 1993, "The accuracy of floating point summation": short chunks side by side, then their sums by this kernel again, in a
// fixed order.
import lib::line;

// Sizes come in a uniform, so that one compiled kernel serves every shape.
struct Sizes {
  P: u32,
  Q: u32,
  C: u32, // a multiple of LANES
  CHUNKS: u32,
  CHUNK: u32, // columns of a chunk, a multiple of LANES
}

@group(0) @binding(0) var<storage, read_write> x: array<Value>; // [P, Q, C]
@group(0) @binding(1) var<storage, read_write> y: array<f32>; // [Q, CHUNKS]
@group(0) @binding(2) var<uniform> sizes: Sizes;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = line(group, groups) * 64u + lane;
  if (i >= arrayLength(&y)) { return; }
  let first = (i % sizes.CHUNKS) * sizes.CHUNK / LANES;
  let last = min(first + sizes.CHUNK / LANES, sizes.C / LANES);
  var sum = Value(0.0);
  for (var p = 0u; p < sizes.P; p++) {
    let base = (p * sizes.Q + i / sizes.CHUNKS) * (sizes.C / LANES);
    for (var c = first; c < last; c++) { sum += x[base + c]; }
  }
  y[i] = total(sum);
}
