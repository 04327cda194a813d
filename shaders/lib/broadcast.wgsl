// y[p, q, c] = x[p·SP + q·SQ + c·SC], a stride of 0 repeats
// NumPy broadcasting, collapsed to three axes by src/graph/ops/broadcast.ts.
import lib::line;

override Q: u32;
override C: u32; // a multiple of LANES
override SP: u32;
override SQ: u32;
override SC: u32; // 0 or 1

@group(0) @binding(0) var<storage, read_write> x: array<Value>; // at most [P, Q, C]
@group(0) @binding(1) var<storage, read_write> y: array<Value>; // [P, Q, C]

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = line(group, groups) * 64u + lane;
  if (i >= arrayLength(&y)) { return; }
  let row = i / (C / LANES);
  let base = (row / Q) * SP + (row % Q) * SQ;
  if (SC == 1u) {
    y[i] = x[base / LANES + i % (C / LANES)];
  } else {
    y[i] = Value(pick(x[base / LANES], base % LANES));
  }
}
