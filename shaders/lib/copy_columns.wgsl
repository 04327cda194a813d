// y[r, Y_START + c] = x[r, X_START + c] for c < LENGTH
// A part of a concatenation, or a slice.
import lib::line;

// Sizes come in a uniform, so that one compiled kernel serves every shape.
struct Sizes {
  ROWS: u32,
  LENGTH: u32, // all five are multiples of LANES
  X_WIDTH: u32,
  X_START: u32,
  Y_WIDTH: u32,
  Y_START: u32,
}

@group(0) @binding(0) var<storage, read_write> x: array<Value>; // [ROWS, X_WIDTH]
@group(0) @binding(1) var<storage, read_write> y: array<Value>; // [ROWS, Y_WIDTH]
@group(0) @binding(2) var<uniform> sizes: Sizes;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = line(group, groups) * 64u + lane;
  let r = i / (sizes.LENGTH / LANES);
  let c = i % (sizes.LENGTH / LANES);
  if (r >= sizes.ROWS) { return; }
  y[(r * sizes.Y_WIDTH + sizes.Y_START) / LANES + c] = x[(r * sizes.X_WIDTH + sizes.X_START) / LANES + c];
}
