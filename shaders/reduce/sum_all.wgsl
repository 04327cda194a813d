// y[t] = Σ_j x[t + j·T], T partial sums of all elements
// Higham 1993, "The accuracy of floating point summation": blocks of 32 terms, then their sums; sum_rows.wgsl adds the T.
import lib::line;

// Sizes come in a uniform, so that one compiled kernel serves every shape.
struct Sizes {
  COUNT: u32, // elements of x
  T: u32, // vectors of y
}

@group(0) @binding(0) var<storage, read_write> x: array<vec4f>; // [COUNT]
@group(0) @binding(1) var<storage, read_write> y: array<vec4f>; // [4·T]
@group(0) @binding(2) var<uniform> sizes: Sizes;

const BLOCK: u32 = 32;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let t = line(group, groups) * 64u + lane;
  if (t >= sizes.T) { return; }
  let whole = sizes.COUNT / 4u;
  var sum = vec4f(0.0);
  for (var i = t; i < whole; ) {
    var block = vec4f(0.0);
    for (var j = 0u; j < BLOCK && i < whole; j++) {
      block += x[i];
      i += sizes.T;
    }
    sum += block;
  }
  // The memory behind the last element may hold anything.
  if (t == 0u && sizes.COUNT % 4u != 0u) { sum += select(vec4f(0.0), x[whole], vec4u(0u, 1u, 2u, 3u) < vec4u(sizes.COUNT % 4u)); }
  y[t] = sum;
}
