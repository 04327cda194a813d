// y[r, c] = x[r, c − START], zero outside
// The transpose of a slice.
import lib::line;

override X_WIDTH: u32; // all three are multiples of LANES
override Y_WIDTH: u32;
override START: u32;

@group(0) @binding(0) var<storage, read_write> x: array<Value>; // [rows, X_WIDTH]
@group(0) @binding(1) var<storage, read_write> y: array<Value>; // [rows, Y_WIDTH]

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = line(group, groups) * 64u + lane;
  if (i >= arrayLength(&y)) { return; }
  let r = i / (Y_WIDTH / LANES);
  let c = i % (Y_WIDTH / LANES) - START / LANES; // wraps below START
  var v = Value(0.0);
  if (c < X_WIDTH / LANES) { v = x[r * (X_WIDTH / LANES) + c]; }
  y[i] = v;
}
