// y[i] = SCALE · x[i] + OFFSET
// Constants of the graph; per-run scalars go through binary.wgsl.
import lib::line;

override SCALE: f32;
override OFFSET: f32;

@group(0) @binding(0) var<storage, read_write> x: array<vec4f>; // any shape
@group(0) @binding(1) var<storage, read_write> y: array<vec4f>; // x's shape

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = line(group, groups) * 64u + lane;
  if (i >= arrayLength(&y)) { return; }
  y[i] = SCALE * x[i] + OFFSET;
}
