// y[i] = Σ_k coefficients[k] · x_k[i], 1 to 6 terms
// Guidance (Ho & Salimans 2022, arXiv:2207.12598) and sampler steps are such sums.
import lib::line;

override TERMS: u32;

@group(0) @binding(0) var<storage, read_write> coefficients: array<f32>; // [TERMS]
@group(0) @binding(1) var<storage, read_write> y: array<vec4f>; // any shape
@group(0) @binding(2) var<storage, read_write> x0: array<vec4f>; // y's shape, as all terms
@group(0) @binding(3) var<storage, read_write> x1: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> x2: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> x3: array<vec4f>;
@group(0) @binding(6) var<storage, read_write> x4: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> x5: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = line(group, groups) * 64u + lane;
  if (i >= arrayLength(&y)) { return; }
  var sum = coefficients[0] * x0[i];
  if (TERMS > 1u) { sum += coefficients[1] * x1[i]; }
  if (TERMS > 2u) { sum += coefficients[2] * x2[i]; }
  if (TERMS > 3u) { sum += coefficients[3] * x3[i]; }
  if (TERMS > 4u) { sum += coefficients[4] * x4[i]; }
  if (TERMS > 5u) { sum += coefficients[5] * x5[i]; }
  y[i] = sum;
}
