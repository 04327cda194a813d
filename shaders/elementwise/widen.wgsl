// y[i] = f32(x[i]), x in half precision, two numbers a word
// IEEE 754 binary16, which unpack2x16float reads on every adapter, with or without shader-f16.
import lib::line;

@group(0) @binding(0) var<storage, read_write> x: array<vec2u>; // any shape, four halves a vector
@group(0) @binding(1) var<storage, read_write> y: array<vec4f>; // x's shape

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = line(group, groups) * 64u + lane;
  if (i >= arrayLength(&y)) { return; }
  let words = x[i];
  y[i] = vec4f(unpack2x16float(words.x), unpack2x16float(words.y));
}
