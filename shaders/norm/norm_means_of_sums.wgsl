// (Σ_c weight · Σ_q e, Σ_c weight · Σ_q e·x̂) / n of each group, n = Q · GROUP_WIDTH
// Ioffe & Szegedy 2015, arXiv:1502.03167: the two means of the backward pass.
import lib::line;

// Sizes come in a uniform, so that one compiled kernel serves every shape.
struct Sizes {
  P: u32,
  Q: u32,
  G: u32,
  GROUP_WIDTH: u32,
}

@group(0) @binding(0) var<storage, read_write> sums: array<f32>; // [P, 2, G·GROUP_WIDTH]
@group(0) @binding(1) var<storage, read_write> weight: array<f32>; // [G·GROUP_WIDTH]
@group(0) @binding(2) var<storage, read_write> means: array<vec2f>; // [P, G]
@group(0) @binding(3) var<uniform> sizes: Sizes;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = line(group, groups) * 64u + lane;
  if (i >= sizes.P * sizes.G) { return; }
  let width = sizes.G * sizes.GROUP_WIDTH;
  let row = (i / sizes.G) * 2u * width;
  let first = (i % sizes.G) * sizes.GROUP_WIDTH;
  var sum = vec2f(0.0);
  for (var c = first; c < first + sizes.GROUP_WIDTH; c++) {
    sum += weight[c] * vec2f(sums[row + c], sums[row + width + c]);
  }
  means[i] = sum / f32(sizes.Q * sizes.GROUP_WIDTH);
}
