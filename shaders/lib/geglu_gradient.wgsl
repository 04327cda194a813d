// dx[r, c] = dy[r, c] · gelu(x[r, C + c]), dx[r, C + c] = dy[r, c] · x[r, c] · gelu'(x[r, C + c])
// Shazeer 2020, arXiv:2002.05202.
import lib::line;
import lib::activation;

override ROWS: u32;
override C: u32;

@group(0) @binding(0) var<storage, read_write> x: array<Value>; // [rows, 2·C]
@group(0) @binding(1) var<storage, read_write> dy: array<Value>; // [rows, C]
@group(0) @binding(2) var<storage, read_write> dx: array<Value>; // [rows, 2·C]

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = line(group, groups) * 64u + lane;
  if (i >= ROWS * (C / LANES)) { return; }
  let width = C / LANES;
  let at = i + (i / width) * width;
  let gate = quad(x[at + width]);
  dx[at] = dy[i] * value(activate(gate, GELU));
  dx[at + width] = dy[i] * x[at] * value(activate_derivative(gate, GELU));
}
