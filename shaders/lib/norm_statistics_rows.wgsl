// (μ, 1/√(σ² + ε)) of each row: μ = Σ x / C, σ² = Σ (x − μ)² / C
// Ba et al. 2016, arXiv:1607.06450; two passes over the row, so that a large mean costs no digits.

// Sizes come in a uniform, so that one compiled kernel serves every shape.
struct Sizes {
  ROW_COUNT: u32,
  C: u32,
}

override EPSILON: f32;

@group(0) @binding(0) var<storage, read_write> x: array<f32>; // [ROW_COUNT, C]
@group(0) @binding(1) var<storage, read_write> statistics: array<vec2f>; // [ROW_COUNT]
@group(0) @binding(2) var<uniform> sizes: Sizes;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let own_row = row_of(group, groups, lane);
  let start = start_in_row(lane);
  if (own_row >= sizes.ROW_COUNT) { return; }
  let row = own_row * sizes.C;
  let origin = x[row];
  var sum = 0.0;
  for (var c = start; c < sizes.C; c += ROW_LANES) { sum += x[row + c] - origin; }
  let mean = origin + row_sum(sum, lane) / f32(sizes.C);
  var squares = 0.0;
  for (var c = start; c < sizes.C; c += ROW_LANES) {
    let d = x[row + c] - mean;
    squares += d * d;
  }
  let variance = row_sum(squares, lane) / f32(sizes.C);
  if (start == 0u) { statistics[own_row] = vec2f(mean, 1.0 / sqrt(variance + EPSILON)); }
}
