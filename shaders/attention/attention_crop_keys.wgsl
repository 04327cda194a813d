// y[b, t] = x[b, t] for t below KEYS: rows of keys without their padding
// Transposed products come in whole vectors of rows, so key gradients are made with padding and cut here.
import lib::line;

// Sizes come in a uniform, so that one compiled kernel serves every shape.
struct Sizes {
  BATCH: u32,
  KEYS: u32,
  PADDED: u32, // rows of an image of x
  VECTORS: u32, // of a row
}

@group(0) @binding(0) var<storage, read_write> x: array<vec4f>; // [BATCH, PADDED, VECTORS]
@group(0) @binding(1) var<storage, read_write> y: array<vec4f>; // [BATCH, KEYS, VECTORS]
@group(0) @binding(2) var<uniform> sizes: Sizes;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = line(group, groups) * 64u + lane;
  if (i >= sizes.BATCH * sizes.KEYS * sizes.VECTORS) { return; }
  let image = i / (sizes.KEYS * sizes.VECTORS);
  y[i] = x[i + image * (sizes.PADDED - sizes.KEYS) * sizes.VECTORS];
}
