// y[r, Y_START + c] = x[r, X_START + c] for c < LENGTH
// A part of a concatenation, or a slice.
import lib::line;

override ROWS: u32;
override LENGTH: u32; // all five are multiples of LANES
override X_WIDTH: u32;
override X_START: u32;
override Y_WIDTH: u32;
override Y_START: u32;

@group(0) @binding(0) var<storage, read_write> x: array<Value>; // [ROWS, X_WIDTH]
@group(0) @binding(1) var<storage, read_write> y: array<Value>; // [ROWS, Y_WIDTH]

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = line(group, groups) * 64u + lane;
  let r = i / (LENGTH / LANES);
  let c = i % (LENGTH / LANES);
  if (r >= ROWS) { return; }
  y[(r * Y_WIDTH + Y_START) / LANES + c] = x[(r * X_WIDTH + X_START) / LANES + c];
}
