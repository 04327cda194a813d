// y = log Σ exp(logits) − logits[label] of each row; NaN for a label that is no class
// The maximum is subtracted first, so that exp cannot overflow.
import lib::nan;

// Sizes come in a uniform, so that one compiled kernel serves every shape.
struct Sizes {
  ROW_COUNT: u32,
  C: u32,
}

@group(0) @binding(0) var<storage, read_write> logits: array<f32>; // [ROW_COUNT, C]
@group(0) @binding(1) var<storage, read_write> labels: array<u32>; // [ROW_COUNT]
@group(0) @binding(2) var<storage, read_write> y: array<f32>; // [ROW_COUNT]
@group(0) @binding(3) var<uniform> sizes: Sizes;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let own_row = row_of(group, groups, lane);
  let start = start_in_row(lane);
  if (own_row >= sizes.ROW_COUNT) { return; }
  let row = own_row * sizes.C;
  var own_max = logits[row];
  for (var c = start; c < sizes.C; c += ROW_LANES) { own_max = max(own_max, logits[row + c]); }
  let m = row_max(own_max, lane);
  var own_sum = 0.0;
  for (var c = start; c < sizes.C; c += ROW_LANES) { own_sum += exp(logits[row + c] - m); }
  let sum = row_sum(own_sum, lane);
  let label = labels[own_row];
  let loss = log(sum) + (m - logits[row + min(label, sizes.C - 1u)]);
  if (start == 0u) { y[own_row] = select(loss, nan(), has_nan(sum) || label >= sizes.C); }
}
