// v ← MOMENTUM·v + (scale·dw + DECAY·w); w ← w − rate·v
// PyTorch's SGD without dampening; Sutskever et al. 2013.
import lib::line;

override MOMENTUM: f32;
override DECAY: f32;

@group(0) @binding(0) var<storage, read_write> w: array<vec4f>; // any shape
@group(0) @binding(1) var<storage, read_write> dw: array<vec4f>; // w's shape
@group(0) @binding(2) var<storage, read_write> v: array<vec4f>; // w's shape
@group(0) @binding(3) var<storage, read_write> rate: array<f32>; // [1]
@group(0) @binding(4) var<storage, read_write> scale: array<f32>; // [1]

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = line(group, groups) * 64u + lane;
  if (i >= arrayLength(&w)) { return; }
  let velocity = MOMENTUM * v[i] + (scale[0] * dw[i] + DECAY * w[i]);
  v[i] = velocity;
  w[i] -= rate[0] * velocity;
}
