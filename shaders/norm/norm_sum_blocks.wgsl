// sums[p, j] = Σ_b partials[p, b, j]
// One invocation an element, blocks in a fixed order: the same bits at every run.
import lib::line;

// Sizes come in a uniform, so that one compiled kernel serves every shape.
struct Sizes {
  P: u32,
  BLOCKS: u32,
  WIDTH: u32, // elements of a block
}

@group(0) @binding(0) var<storage, read_write> partials: array<f32>; // [P, BLOCKS, WIDTH]
@group(0) @binding(1) var<storage, read_write> sums: array<f32>; // [P, WIDTH]
@group(0) @binding(2) var<uniform> sizes: Sizes;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = line(group, groups) * 64u + lane;
  if (i >= sizes.P * sizes.WIDTH) { return; }
  let first = (i / sizes.WIDTH) * sizes.BLOCKS * sizes.WIDTH + i % sizes.WIDTH;
  var sum = 0.0;
  for (var b = 0u; b < sizes.BLOCKS; b++) { sum += partials[first + b * sizes.WIDTH]; }
  sums[i] = sum;
}
