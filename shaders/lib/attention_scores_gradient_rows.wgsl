// p = exp(scale · score − lse) and dscore = scale · p ∘ (dp − Δ), both in place; 0 where a row does not see
// Dao et al. 2022, arXiv:2205.14135, appendix B: probabilities are made again from lse.
import lib::attention_scores;

@group(0) @binding(0) var<storage, read_write> scores: array<vec4f>; // [BATCHES, HEADS, ROWS, ⌈KEYS / 4⌉]: scores, then p
@group(0) @binding(1) var<storage, read_write> dscores: array<vec4f>; // likewise: dp, then dscores
@group(0) @binding(2) var<storage, read_write> lse: array<f32>; // [batch, HEADS, QUERIES]
@group(0) @binding(3) var<storage, read_write> delta: array<f32>; // [batch, HEADS, QUERIES]: Δ = Σ dy ∘ y
@group(0) @binding(4) var<uniform> sizes: Sizes;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let own_row = row_of(group, groups, lane);
  let start = start_in_row(lane);
  if (own_row >= row_count()) { return; }
  let first = own_row * row_vectors();
  let seen = keys_seen(own_row);
  let query = query_of(own_row);
  let own_lse = lse[query];
  let own_delta = delta[query];
  for (var i = start; i < row_vectors(); i += ROW_LANES) {
    let p = seen_or(exp(SCALE * scores[first + i] - own_lse), i, seen, 0.0);
    scores[first + i] = p;
    dscores[first + i] = seen_or(SCALE * p * (dscores[first + i] - own_delta), i, seen, 0.0);
  }
}
