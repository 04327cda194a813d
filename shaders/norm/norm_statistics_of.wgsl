// (μ, 1/√(σ² + ε)) of given moments
// Ioffe & Szegedy 2015, arXiv:1502.03167, algorithm 2: inference with running statistics.

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
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= sizes.CHANNELS) { return; }
  statistics[id.x] = vec2f(mean[id.x], 1.0 / sqrt(variance[id.x] + EPSILON));
}
