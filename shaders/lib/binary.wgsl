// y[i] = f(a[i], b[i at its broadcast place]), f one of +, −, ·, /
// NumPy broadcasting, collapsed to three axes by src/graph/ops/broadcast.ts.
import lib::line;

// The larger operand is seen as [P, Q, C]; b's strides are 0 where it is repeated. SAME: b has a's shape.
override SAME: bool = false;
override Q: u32 = 1;
override C: u32 = 4;
override SP: u32 = 0;
override SQ: u32 = 0;
override SC: u32 = 0;
override KIND: u32; // 0 add, 1 sub, 2 mul, 3 div

@group(0) @binding(0) var<storage, read_write> a: array<Value>; // [P, Q, C]
@group(0) @binding(1) var<storage, read_write> b: array<Value>; // at most [P, Q, C]
@group(0) @binding(2) var<storage, read_write> y: array<Value>; // [P, Q, C]

fn operand(i: u32) -> Value {
  if (SAME) { return b[i]; }
  let row = i / (C / LANES);
  let base = (row / Q) * SP + (row % Q) * SQ;
  if (SC == 1u) { return b[base / LANES + i % (C / LANES)]; }
  return Value(pick(b[base / LANES], base % LANES));
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = line(group, groups) * 64u + lane;
  if (i >= arrayLength(&y)) { return; }
  let u = a[i];
  let v = operand(i);
  switch KIND {
    case 0u: { y[i] = u + v; }
    case 1u: { y[i] = u - v; }
    case 2u: { y[i] = u * v; }
    default: { y[i] = u / v; }
  }
}
