// dweight = Σ_p sums[p, 1], dbias = Σ_p sums[p, 0]
// One invocation a channel, in a fixed order.
import lib::line;

// Sizes come in a uniform, so that one compiled kernel serves every shape.
struct Sizes {
  P: u32,
  WIDTH: u32, // channels
}

@group(0) @binding(0) var<storage, read_write> sums: array<f32>; // [P, 2, WIDTH]
@group(0) @binding(1) var<storage, read_write> dweight: array<f32>; // [WIDTH]
@group(0) @binding(2) var<storage, read_write> dbias: array<f32>; // [WIDTH]
@group(0) @binding(3) var<uniform> sizes: Sizes;

@compute @workgroup_size(16)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = line(group, groups) * 16u + lane;
  if (i >= sizes.WIDTH) { return; }
  var weight = 0.0;
  var bias = 0.0;
  for (var p = 0u; p < sizes.P; p++) {
    bias += sums[2u * p * sizes.WIDTH + i];
    weight += sums[(2u * p + 1u) * sizes.WIDTH + i];
  }
  dweight[i] = weight;
  dbias[i] = bias;
}
