// average ← DECAY·average + (1 − DECAY)·value
// Polyak & Juditsky 1992; as a step towards the value, so that equal numbers stay equal.
import lib::line;

override TAKE: f32; // 1 − DECAY

@group(0) @binding(0) var<storage, read_write> average: array<vec4f>; // any shape
@group(0) @binding(1) var<storage, read_write> value: array<vec4f>; // average's shape

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = line(group, groups) * 64u + lane;
  if (i >= arrayLength(&average)) { return; }
  average[i] += TAKE * (value[i] - average[i]);
}
