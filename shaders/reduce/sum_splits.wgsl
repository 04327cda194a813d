// y[i] = Σ_s x[s, i]
// The second pass of a product whose sum was split; the order of the terms is fixed, so results repeat bit for bit.
import lib::line;

// Sizes come in a uniform, so that one compiled kernel serves every shape.
struct Sizes {
  SPLITS: u32,
  COUNT: u32, // elements of y, a multiple of 4
}

@group(0) @binding(0) var<storage, read_write> x: array<vec4f>; // [SPLITS, COUNT]
@group(0) @binding(1) var<storage, read_write> y: array<vec4f>; // [COUNT]
@group(0) @binding(2) var<uniform> sizes: Sizes;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = line(group, groups) * 64u + lane;
  if (i >= sizes.COUNT / 4u) { return; }
  var sum = x[i];
  for (var s = 1u; s < sizes.SPLITS; s++) { sum += x[s * (sizes.COUNT / 4u) + i]; }
  y[i] = sum;
}
