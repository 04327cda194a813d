// y[r, c] = x[r, c] · gelu(x[r, C + c])
// Shazeer 2020, arXiv:2002.05202.
import lib::line;
import lib::activation;

override C: u32;

@group(0) @binding(0) var<storage, read_write> x: array<Value>; // [rows, 2·C]
@group(0) @binding(1) var<storage, read_write> y: array<Value>; // [rows, C]

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = line(group, groups) * 64u + lane;
  if (i >= arrayLength(&y)) { return; }
  let width = C / LANES;
  let at = i + (i / width) * width;
  y[i] = x[at] * value(activate(quad(x[at + width]), GELU));
}
