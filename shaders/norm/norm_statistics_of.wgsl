// (μ, 1/√(σ² + ε)) of given moments
// Ioffe & Szegedy 2015, arXiv:1502.03167, algorithm 2: inference with running statistics.
import lib::line;

// Sizes come in a uniform, so that one compiled kernel serves every shape.
struct Sizes {
  CHANNELS: u32,
}

override EPSILON: f32;

@group(0) @binding(0) var<storage, read_write> mean: array<f32>; // [CHANNELS]
@group(0) @binding(1) var<storage, read_write> variance: array<f32>; // [CHANNELS]
@group(0) @binding(2) var<storage, read_write> statistics: array<vec2f>; // [CHANNELS]
@group(0) @binding(3) var<uniform> sizes: Sizes;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = line(group, groups) * 64u + lane;
  if (i >= sizes.CHANNELS) { return; }
  statistics[i] = vec2f(mean[i], 1.0 / sqrt(variance[i] + EPSILON));
}
