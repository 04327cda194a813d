// y[i] = f(a[i], b[i at its broadcast place]), f one of +, −, ·, /
// NumPy broadcasting, collapsed to three axes by src/graph/ops/broadcast.ts.
import lib::line;

// The larger operand is seen as [P, Q, C]; b's strides are 0 where it is repeated.
override P: u32;
override Q: u32;
override C: u32;
override SP: u32;
override SQ: u32;
override SC: u32;
override KIND: u32; // 0 add, 1 sub, 2 mul, 3 div

@group(0) @binding(0) var<storage, read_write> a: array<f32>; // [P, Q, C]
@group(0) @binding(1) var<storage, read_write> b: array<f32>; // at most [P, Q, C]
@group(0) @binding(2) var<storage, read_write> y: array<f32>; // [P, Q, C]

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = line(group, groups) * 64u + lane;
  if (i >= P * Q * C) { return; }
  let c = i % C;
  let q = (i / C) % Q;
  let p = i / (C * Q);
  let u = a[i];
  let v = b[p * SP + q * SQ + c * SC];
  switch KIND {
    case 0u: { y[i] = u + v; }
    case 1u: { y[i] = u - v; }
    case 2u: { y[i] = u * v; }
    default: { y[i] = u / v; }
  }
}
