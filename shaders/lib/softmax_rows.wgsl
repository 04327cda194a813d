// y = exp(x − m) / Σ exp(x − m), m = max x, along each row
// The maximum is subtracted first, so that exp cannot overflow (Milakov & Gimelshein 2018, arXiv:1805.02867).
import lib::nan;

// Sizes come in a uniform, so that one compiled kernel serves every shape.
struct Sizes {
  ROW_COUNT: u32,
  C: u32,
}

@group(0) @binding(0) var<storage, read_write> x: array<f32>; // [ROW_COUNT, C]
@group(0) @binding(1) var<storage, read_write> y: array<f32>; // [ROW_COUNT, C]
@group(0) @binding(2) var<uniform> sizes: Sizes;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let own_row = row_of(group, groups, lane);
  let start = start_in_row(lane);
  if (own_row >= sizes.ROW_COUNT) { return; }
  let row = own_row * sizes.C;
  var own_max = x[row];
  for (var c = start; c < sizes.C; c += ROW_LANES) { own_max = max(own_max, x[row + c]); }
  let m = row_max(own_max, lane);
  var own_sum = 0.0;
  for (var c = start; c < sizes.C; c += ROW_LANES) { own_sum += exp(x[row + c] - m); }
  let sum = row_sum(own_sum, lane);
  let scale = select(1.0 / sum, nan(), has_nan(sum));
  for (var c = start; c < sizes.C; c += ROW_LANES) { y[row + c] = exp(x[row + c] - m) * scale; }
}
