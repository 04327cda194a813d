// y[q, s] = Σ_p Σ_c x[p, q, c] over the columns c of chunk s, one workgroup a chunk of a row
// Tree reduction through workgroup memory, for adapters that have it in hardware (Harris 2007, "Optimizing parallel reduction").
import lib::line;

// Sizes come in a uniform, so that one compiled kernel serves every shape.
struct Sizes {
  P: u32,
  Q: u32,
  C: u32,
  CHUNKS: u32,
  CHUNK: u32, // columns of a chunk
}

@group(0) @binding(0) var<storage, read_write> x: array<f32>; // [P, Q, C]
@group(0) @binding(1) var<storage, read_write> y: array<f32>; // [Q, CHUNKS]
@group(0) @binding(2) var<uniform> sizes: Sizes;

const LANES: u32 = 256;
var<workgroup> partial: array<f32, 256>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = line(group, groups);
  if (i >= sizes.Q * sizes.CHUNKS) { return; }
  let row = i / sizes.CHUNKS;
  let first = (i % sizes.CHUNKS) * sizes.CHUNK;
  let last = min(first + sizes.CHUNK, sizes.C);
  var sum = 0.0;
  for (var p = 0u; p < sizes.P; p++) {
    for (var c = first + lane; c < last; c += LANES) { sum += x[(p * sizes.Q + row) * sizes.C + c]; }
  }
  partial[lane] = sum;
  for (var half = LANES / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lane < half) { partial[lane] += partial[lane + half]; }
  }
  if (lane == 0u) { y[i] = partial[0]; }
}
