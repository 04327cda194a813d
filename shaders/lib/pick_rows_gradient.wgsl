// dx[b, t, c] = dy[b, c] where t = rows[b], else 0: a row beyond T has none
// The transpose of pick_rows.wgsl.
import lib::line;

override T: u32;
override C: u32; // a multiple of LANES

@group(0) @binding(0) var<storage, read_write> rows: array<u32>; // [b]
@group(0) @binding(1) var<storage, read_write> dy: array<Value>; // [b, C]
@group(0) @binding(2) var<storage, read_write> dx: array<Value>; // [b, T, C]

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = line(group, groups) * 64u + lane;
  if (i >= arrayLength(&dx)) { return; }
  let width = C / LANES;
  let row = i / width;
  let b = row / T;
  var v = Value(0.0);
  if (row % T == rows[b]) { v = dy[b * width + i % width]; }
  dx[i] = v;
}
