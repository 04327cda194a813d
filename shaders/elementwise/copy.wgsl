// y[i] = x[i], bit for bit
// Integers, so that no adapter flushes what looks like a denormal number.
import lib::line;

@group(0) @binding(0) var<storage, read_write> x: array<vec4u>; // any shape
@group(0) @binding(1) var<storage, read_write> y: array<vec4u>; // x's shape

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = line(group, groups) * 64u + lane;
  if (i >= arrayLength(&y)) { return; }
  y[i] = x[i];
}
