// w ← w·(1 − rate·DECAY); m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²; w ← w − rate·m̂/(√v̂ + ε), m̂ = m/(1 − β₁ᵗ), v̂ = v/(1 − β₂ᵗ)
// Loshchilov & Hutter 2019, arXiv:1711.05101, algorithm 2, as PyTorch has it; g = scale·dw.
import lib::line;

override KEEP1: f32; // β₁
override KEEP2: f32; // β₂
override TAKE1: f32; // 1 − β₁, rounded once
override TAKE2: f32; // 1 − β₂
override LOG1: f32; // ln β₁
override LOG2: f32; // ln β₂
override EPSILON: f32;
override DECAY: f32;

@group(0) @binding(0) var<storage, read_write> w: array<vec4f>; // any shape
@group(0) @binding(1) var<storage, read_write> dw: array<vec4f>; // w's shape
@group(0) @binding(2) var<storage, read_write> first: array<vec4f>; // w's shape
@group(0) @binding(3) var<storage, read_write> second: array<vec4f>; // w's shape
@group(0) @binding(4) var<storage, read_write> rate: array<f32>; // [1]
@group(0) @binding(5) var<storage, read_write> step: array<f32>; // [1], counted from 1
@group(0) @binding(6) var<storage, read_write> scale: array<f32>; // [1]

// 1 − e^z for z ≤ 0 without cancellation near 0: the first steps divide by it.
fn one_minus_exp(z: f32) -> f32 {
  if (z < -0.5) { return 1.0 - exp(z); }
  return -z * (1.0 + z / 2.0 * (1.0 + z / 3.0 * (1.0 + z / 4.0 * (1.0 + z / 5.0 * (1.0 + z / 6.0 * (1.0 + z / 7.0))))));
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = line(group, groups) * 64u + lane;
  if (i >= arrayLength(&w)) { return; }
  let g = scale[0] * dw[i];
  let m = KEEP1 * first[i] + TAKE1 * g;
  let v = KEEP2 * second[i] + TAKE2 * g * g;
  first[i] = m;
  second[i] = v;
  let correction1 = one_minus_exp(step[0] * LOG1);
  let correction2 = sqrt(one_minus_exp(step[0] * LOG2));
  let kept = w[i] * (1.0 - rate[0] * DECAY);
  w[i] = kept - rate[0] / correction1 * m / (sqrt(v) / correction2 + EPSILON);
}
