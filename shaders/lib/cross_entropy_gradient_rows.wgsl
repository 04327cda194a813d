// dlogits = (softmax(logits) − onehot(label)) · dy of each row; NaN for a label that is no class
// Bridle 1990: the gradient of the negative log likelihood of a softmax.
import lib::nan;

// Sizes come in a uniform, so that one compiled kernel serves every shape.
struct Sizes {
  ROW_COUNT: u32,
  C: u32,
}

@group(0) @binding(0) var<storage, read_write> logits: array<f32>; // [ROW_COUNT, C]
@group(0) @binding(1) var<storage, read_write> labels: array<u32>; // [ROW_COUNT]
@group(0) @binding(2) var<storage, read_write> dy: array<f32>; // [ROW_COUNT]
@group(0) @binding(3) var<storage, read_write> dlogits: array<f32>; // [ROW_COUNT, C]
@group(0) @binding(4) var<uniform> sizes: Sizes;

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
  let scale = select(1.0 / sum, nan(), has_nan(sum));
  let label = labels[own_row];
  let d = select(dy[own_row], nan(), label >= sizes.C);
  for (var c = start; c < sizes.C; c += ROW_LANES) {
    dlogits[row + c] = d * (exp(logits[row + c] - m) * scale - select(0.0, 1.0, c == label));
  }
}
