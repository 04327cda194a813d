// y[b, c] = x[b, rows[b], c]; NaN for a row beyond T
// CLIP takes a text's end-of-text token so: Radford et al. 2021, arXiv:2103.00020, section 2.4.
import lib::line;
import lib::nan;

override T: u32;
override C: u32; // a multiple of LANES

@group(0) @binding(0) var<storage, read_write> x: array<Value>; // [b, T, C]
@group(0) @binding(1) var<storage, read_write> rows: array<u32>; // [b]
@group(0) @binding(2) var<storage, read_write> y: array<Value>; // [b, C]

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = line(group, groups) * 64u + lane;
  if (i >= arrayLength(&y)) { return; }
  let width = C / LANES;
  let b = i / width;
  let row = rows[b];
  let v = x[(b * T + min(row, T - 1u)) * width + i % width];
  y[i] = select(v, Value(nan()), row >= T);
}
