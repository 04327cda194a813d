// y[b, t] = x[b, t] for t below KEYS: rows of keys without their padding
// Transposed products come in whole vectors of rows, so key gradients are made with padding and cut here.
import lib::line;

override BATCH: u32;
override KEYS: u32;
override PADDED: u32; // rows of an image of x
override VECTORS: u32; // of a row

@group(0) @binding(0) var<storage, read_write> x: array<vec4f>; // [BATCH, PADDED, VECTORS]
@group(0) @binding(1) var<storage, read_write> y: array<vec4f>; // [BATCH, KEYS, VECTORS]

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = line(group, groups) * 64u + lane;
  if (i >= BATCH * KEYS * VECTORS) { return; }
  let image = i / (KEYS * VECTORS);
  y[i] = x[i + image * (PADDED - KEYS) * VECTORS];
}
