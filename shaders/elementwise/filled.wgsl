// y[i] = VALUE
// Zeros and ones that a graph asks for.
import lib::line;

override VALUE: f32;

@group(0) @binding(0) var<storage, read_write> y: array<vec4f>; // any shape

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = line(group, groups) * 64u + lane;
  if (i >= arrayLength(&y)) { return; }
  y[i] = vec4f(VALUE);
}
