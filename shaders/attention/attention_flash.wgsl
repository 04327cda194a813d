// y = softmax(q kᵀ · scale) v, lse = log Σ exp(score): workgroups of 64 queries, keys in tiles of 16
// Dao et al. 2022, arXiv:2205.14135, algorithm 1: sums are rescaled when a tile brings a new maximum.
import lib::attention_flash;
import lib::nan;

@group(0) @binding(0) var<storage, read_write> q: array<vec4f>; // [batch, QUERIES, HEADS, VECTORS]
@group(0) @binding(1) var<storage, read_write> k: array<vec4f>; // [batch, KEYS, HEADS, VECTORS]
@group(0) @binding(2) var<storage, read_write> v: array<vec4f>; // [batch, KEYS, HEADS, VECTORS]
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>; // like q
@group(0) @binding(4) var<storage, read_write> lse: array<f32>; // [batch, HEADS, QUERIES]
@group(0) @binding(5) var<uniform> sizes: Sizes;

var<workgroup> k_tile: array<vec4f, TILE * WIDEST>;
var<workgroup> v_tile: array<vec4f, TILE * WIDEST>;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let query = group.x * LANES + lane;
  let row = head_row(group.z, sizes.QUERIES, min(query, sizes.QUERIES - 1u), group.y);
  var own: array<vec4f, WIDEST>;
  var sum: array<vec4f, WIDEST>;
  for (var i = 0u; i < VECTORS; i++) {
    own[i] = SCALE * q[row + i];
    sum[i] = vec4f(0.0);
  }
  var highest = LOWEST;
  var total = 0.0;
  var end = sizes.KEYS;
  if (CAUSAL) { end = min(sizes.KEYS, (group.x + 1u) * LANES); }
  for (var first = 0u; first < end; first += TILE) {
    workgroupBarrier();
    for (var i = lane; i < TILE * VECTORS; i += LANES) {
      let at = head_row(group.z, sizes.KEYS, min(first + i / VECTORS, sizes.KEYS - 1u), group.y) + i % VECTORS;
      k_tile[i] = k[at];
      v_tile[i] = v[at];
    }
    workgroupBarrier();
    var scores: array<f32, TILE>;
    var new_highest = highest;
    for (var j = 0u; j < TILE; j++) {
      var product = vec4f(0.0);
      for (var i = 0u; i < VECTORS; i++) { product += own[i] * k_tile[j * VECTORS + i]; }
      scores[j] = select(LOWEST, total_of(product), sees(query, first + j));
      new_highest = max(new_highest, scores[j]);
    }
    let shrink = exp(highest - new_highest);
    highest = new_highest;
    total *= shrink;
    for (var i = 0u; i < VECTORS; i++) { sum[i] *= shrink; }
    for (var j = 0u; j < TILE; j++) {
      let p = select(0.0, exp(scores[j] - highest), sees(query, first + j));
      total += p;
      for (var i = 0u; i < VECTORS; i++) { sum[i] += p * v_tile[j * VECTORS + i]; }
    }
  }
  if (query >= sizes.QUERIES) { return; }
  for (var i = 0u; i < VECTORS; i++) { y[row + i] = sum[i] / total; }
  lse[(group.z * sizes.HEADS + group.y) * sizes.QUERIES + query] = select(highest + log(total), nan(), has_nan(total));
}
