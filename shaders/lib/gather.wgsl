// y[j, c] = table[ids[j], c] for ids of this band of rows
// A table that one binding cannot hold is read band by band; each row of y is written by the band that has it.
import lib::line;
import lib::nan;

override ROWS: u32; // of the whole table: ids beyond it give a row of NaN
override FIRST: u32; // of this band
override COUNT: u32; // rows of this band
override N: u32; // ids
override C: u32; // a multiple of LANES

@group(0) @binding(0) var<storage, read_write> table: array<Value>; // [COUNT, C]
@group(0) @binding(1) var<storage, read_write> ids: array<u32>; // [N]
@group(0) @binding(2) var<storage, read_write> y: array<Value>; // [N, C]

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = line(group, groups) * 64u + lane;
  if (i >= N * (C / LANES)) { return; }
  let width = C / LANES;
  let id = ids[i / width];
  let row = id - FIRST; // wraps below the band
  if (row < COUNT) { y[i] = table[row * width + i % width]; }
  if (id >= ROWS) { y[i] = Value(nan()); }
}
