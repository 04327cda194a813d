// dtable[ids[j], c] = Σ dy[k, c] over the places k with j's id, by the first of them, for ids of this band of rows
// Owner computes: no atomics, and the order of the terms is fixed. Rows that nobody asked for were set to zero before; ids beyond the table are in no band.
import lib::line;

override FIRST: u32; // of this band
override COUNT: u32; // rows of this band
override N: u32; // ids
override C: u32; // a multiple of LANES

@group(0) @binding(0) var<storage, read_write> ids: array<u32>; // [N]
@group(0) @binding(1) var<storage, read_write> links: array<vec2u>; // [N], by link_places.wgsl
@group(0) @binding(2) var<storage, read_write> dy: array<Value>; // [N, C]
@group(0) @binding(3) var<storage, read_write> dtable: array<Value>; // [COUNT, C]

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = line(group, groups) * 64u + lane;
  if (i >= N * (C / LANES)) { return; }
  let width = C / LANES;
  let j = i / width;
  let c = i % width;
  let row = ids[j] - FIRST; // wraps below the band
  if (links[j].x == 0u || row >= COUNT) { return; }
  var sum = Value(0.0);
  for (var k = j; k < N; k = links[k].y) { sum += dy[k * width + c]; }
  dtable[row * width + c] = sum;
}
