// p = exp(s − lse), lse = log Σ exp(s), s = scale · score, of each row, in place; 0 where a row does not see
// Vaswani et al. 2017, arXiv:1706.03762, equation 1; lse is what the backward pass keeps (Dao et al. 2022, arXiv:2205.14135).
import lib::attention_scores;
import lib::nan;

@group(0) @binding(0) var<storage, read_write> scores: array<vec4f>; // [BATCHES, HEADS, ROWS, ⌈KEYS / 4⌉]
@group(0) @binding(1) var<storage, read_write> lse: array<f32>; // [batch, HEADS, QUERIES]
@group(0) @binding(2) var<uniform> sizes: Sizes;

const LOWEST: f32 = -3.0e38;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let own_row = row_of(group, groups, lane);
  let start = start_in_row(lane);
  if (own_row >= row_count()) { return; }
  let first = own_row * row_vectors();
  let seen = keys_seen(own_row);
  var largest = vec4f(LOWEST);
  for (var i = start; i < row_vectors(); i += ROW_LANES) { largest = max(largest, seen_or(SCALE * scores[first + i], i, seen, LOWEST)); }
  let m = row_max(max(max(largest.x, largest.y), max(largest.z, largest.w)), lane);
  var sum = vec4f(0.0);
  for (var i = start; i < row_vectors(); i += ROW_LANES) {
    let power = seen_or(exp(SCALE * scores[first + i] - m), i, seen, 0.0);
    scores[first + i] = power;
    sum += power;
  }
  let total = row_sum(sum.x + sum.y + sum.z + sum.w, lane);
  let lost = has_nan(total);
  let scale = select(1.0 / total, nan(), lost);
  for (var i = start; i < row_vectors(); i += ROW_LANES) { scores[first + i] *= scale; }
  if (start == 0u) { lse[query_of(own_row)] = select(m + log(total), nan(), lost); }
}
