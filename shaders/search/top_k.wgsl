// (values, indices)[r, s, 0..K] = the K largest of segment s of row r, largest first, of equal scores the lower index first, NaN last
// Partial selection in two levels, after Alabi et al. 2012, "Fast k-selection algorithms for graphics processors".
import lib::line;
import lib::nan;

override N: u32; // rows
override M: u32; // scores of a row
override SEGMENTS: u32; // of a row
override LENGTH: u32; // of a segment; the last may be shorter
override K: u32;
override INDEXED: bool; // the scores come with indices: they are the candidates of segments

@group(0) @binding(0) var<storage, read_write> scores: array<f32>; // [N, M]
@group(0) @binding(1) var<storage, read_write> candidates: array<u32>; // [N, M], when INDEXED
@group(0) @binding(2) var<storage, read_write> values: array<f32>; // [N, SEGMENTS, K]
@group(0) @binding(3) var<storage, read_write> indices: array<u32>; // [N, SEGMENTS, K]

// Where a segment has fewer than K scores.
const NONE: u32 = 0xffffffff;
const LOWEST: i32 = -0x80000000; // the rank of NaN

// An integer in the order of the scores: equal zeros are equal, NaN is below −∞.
fn rank(score: f32) -> i32 {
  let magnitude = bitcast<i32>(score) & i32(MAGNITUDE);
  let own = select(magnitude, -magnitude, bitcast<i32>(score) < 0);
  return select(own, LOWEST, magnitude > i32(INFINITY_BITS));
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = line(group, groups) * 64u + lane;
  if (i >= N * SEGMENTS) { return; }
  let row = i / SEGMENTS * M;
  let begin = (i % SEGMENTS) * LENGTH;
  let end = min(begin + LENGTH, M);
  // Each round takes the largest of what comes after the last winner in the order of the result.
  var last_rank = LOWEST;
  var last_index = NONE;
  for (var k = 0u; k < K; k++) {
    var best = 0.0;
    var best_rank = LOWEST;
    var winner = NONE;
    for (var j = begin; j < end; j++) {
      let v = scores[row + j];
      var index = j;
      if (INDEXED) { index = candidates[row + j]; }
      let own = rank(v);
      let remains = index != NONE && (k == 0u || own < last_rank || (own == last_rank && index > last_index));
      if (remains && (winner == NONE || own > best_rank || (own == best_rank && index < winner))) {
        best = v;
        best_rank = own;
        winner = index;
      }
    }
    values[i * K + k] = best;
    indices[i * K + k] = winner;
    last_rank = best_rank;
    last_index = winner;
    if (winner == NONE) {
      for (; k < K; k++) {
        values[i * K + k] = 0.0;
        indices[i * K + k] = NONE;
      }
    }
  }
}
