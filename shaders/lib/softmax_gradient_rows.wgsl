// dx = y ∘ (dy − Σ dy ∘ y) along each row
// The Jacobian of softmax is diag(y) − y yᵀ.

// Sizes come in a uniform, so that one compiled kernel serves every shape.
struct Sizes {
  ROW_COUNT: u32,
  C: u32,
}

@group(0) @binding(0) var<storage, read_write> y: array<f32>; // [ROW_COUNT, C]
@group(0) @binding(1) var<storage, read_write> dy: array<f32>; // [ROW_COUNT, C]
@group(0) @binding(2) var<storage, read_write> dx: array<f32>; // [ROW_COUNT, C]
@group(0) @binding(3) var<uniform> sizes: Sizes;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let own_row = row_of(group, groups, lane);
  let start = start_in_row(lane);
  if (own_row >= sizes.ROW_COUNT) { return; }
  let row = own_row * sizes.C;
  var own = 0.0;
  for (var c = start; c < sizes.C; c += ROW_LANES) { own += dy[row + c] * y[row + c]; }
  let mean = row_sum(own, lane);
  for (var c = start; c < sizes.C; c += ROW_LANES) { dx[row + c] = y[row + c] * (dy[row + c] - mean); }
}
