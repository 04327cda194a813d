// mean = μ, variance = (1/rstd² − ε) · n/(n − 1)
// The batch's moments with ddof 1, as PyTorch's batch norm tracks them.
import lib::line;

// Sizes come in a uniform, so that one compiled kernel serves every shape.
struct Sizes {
  CHANNELS: u32,
  COUNT: u32, // n
}

override EPSILON: f32;

@group(0) @binding(0) var<storage, read_write> statistics: array<vec2f>; // [CHANNELS]: μ, rstd
@group(0) @binding(1) var<storage, read_write> mean: array<f32>; // [CHANNELS]
@group(0) @binding(2) var<storage, read_write> variance: array<f32>; // [CHANNELS]
@group(0) @binding(3) var<uniform> sizes: Sizes;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = line(group, groups) * 64u + lane;
  if (i >= sizes.CHANNELS) { return; }
  let s = statistics[i];
  mean[i] = s.x;
  let biased = 1.0 / (s.y * s.y) - EPSILON;
  variance[i] = select(biased, 0.0, biased <= 0.0) * (f32(sizes.COUNT) / max(f32(sizes.COUNT) - 1.0, 1.0));
}
