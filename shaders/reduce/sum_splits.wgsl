// y[i] = Σ_s x[s, i]
// The second pass of a product whose sum was split; the order of the terms is fixed, so results repeat bit for bit.
import lib::line;

override SPLITS: u32;
override COUNT: u32; // elements of y, a multiple of 4

@group(0) @binding(0) var<storage, read_write> x: array<vec4f>; // [SPLITS, COUNT]
@group(0) @binding(1) var<storage, read_write> y: array<vec4f>; // [COUNT]

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = line(group, groups) * 64u + lane;
  if (i >= COUNT / 4u) { return; }
  var sum = x[i];
  for (var s = 1u; s < SPLITS; s++) { sum += x[s * (COUNT / 4u) + i]; }
  y[i] = sum;
}
