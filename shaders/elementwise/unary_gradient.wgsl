// dx[i] = dy[i] · f'(x[i])
// The functions of unary.wgsl.
import lib::line;
import lib::activation;
import lib::nan;

// 0 relu, 1 silu, 2 gelu, 3 quick_gelu, 4 sigmoid, 5 tanh, 6 exp, 7 log, 8 sqrt, 9 rsqrt, 10 square, 11 balanced_relu
override KIND: u32;

@group(0) @binding(0) var<storage, read_write> x: array<vec4f>; // any shape
@group(0) @binding(1) var<storage, read_write> dy: array<vec4f>; // x's shape
@group(0) @binding(2) var<storage, read_write> dx: array<vec4f>; // x's shape

fn derivative(v: vec4f) -> vec4f {
  switch KIND {
    case 4u: { let s = sigmoid4(v); return keep_nan(s * (1.0 - s), v); }
    case 5u: { let t = tanh(clamp(v, vec4f(-15.0), vec4f(15.0))); return keep_nan(1.0 - t * t, v); }
    case 6u: { return keep_nan(exp(v), v); }
    case 7u: { return 1.0 / v; }
    case 8u: { return 0.5 * inverseSqrt(v); }
    case 9u: { return -0.5 * inverseSqrt(v) / v; }
    case 10u: { return 2.0 * v; }
    case 11u: { return select(select(vec4f(0.0), vec4f(0.5), v == vec4f(0.0)), vec4f(1.0), v > vec4f(0.0)); }
    default: { return activate_derivative(v, KIND + 1u); }
  }
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = line(group, groups) * 64u + lane;
  if (i >= arrayLength(&dx)) { return; }
  dx[i] = dy[i] * derivative(x[i]);
}
