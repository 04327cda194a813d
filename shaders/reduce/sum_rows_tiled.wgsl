// y[q] = Σ_p Σ_c x[p, q, c], one workgroup a row
// Tree reduction through workgroup memory, for adapters that have it in hardware (Harris 2007, "Optimizing parallel reduction").
import lib::line;

// Sizes come in a uniform, so that one compiled kernel serves every shape.
struct Sizes {
  P: u32,
  Q: u32,
  C: u32,
}

@group(0) @binding(0) var<storage, read_write> x: array<f32>; // [P, Q, C]
@group(0) @binding(1) var<storage, read_write> y: array<f32>; // [Q]
@group(0) @binding(2) var<uniform> sizes: Sizes;

const LANES: u32 = 256;
var<workgroup> partial: array<f32, 256>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row = line(group, groups);
  if (row >= sizes.Q) { return; }
  var sum = 0.0;
  for (var p = 0u; p < sizes.P; p++) {
    for (var c = lane; c < sizes.C; c += LANES) { sum += x[(p * sizes.Q + row) * sizes.C + c]; }
  }
  partial[lane] = sum;
  for (var half = LANES / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lane < half) { partial[lane] += partial[lane + half]; }
  }
  if (lane == 0u) { y[row] = partial[0]; }
}
