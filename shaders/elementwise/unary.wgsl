// y[i] = f(x[i])
// Functions as in PyTorch; activations by lib/activation.wgsl.
import lib::line;
import lib::activation;
import lib::nan;

// 0 relu, 1 silu, 2 gelu, 3 quick_gelu, 4 sigmoid, 5 tanh, 6 exp, 7 log, 8 sqrt, 9 rsqrt, 10 square, 11 balanced_relu
override KIND: u32;

@group(0) @binding(0) var<storage, read_write> x: array<vec4f>; // any shape
@group(0) @binding(1) var<storage, read_write> y: array<vec4f>; // x's shape

fn f(v: vec4f) -> vec4f {
  switch KIND {
    case 4u: { return keep_nan(sigmoid4(v), v); }
    case 5u: { return keep_nan(tanh(clamp(v, vec4f(-15.0), vec4f(15.0))), v); }
    case 6u: { return keep_nan(exp(v), v); }
    case 7u: { return keep_nan(log(v), v); }
    case 8u: { return sqrt(v); }
    case 9u: { return inverseSqrt(v); }
    case 10u: { return v * v; }
    case 11u: { return relu4(v); }
    default: { return activate(v, KIND + 1u); }
  }
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = line(group, groups) * 64u + lane;
  if (i >= arrayLength(&y)) { return; }
  y[i] = f(x[i]);
}
