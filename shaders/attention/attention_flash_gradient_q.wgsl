// dq = Σ_keys ds · k, ds = scale · p ∘ (dy vᵀ − Δ), p = exp(q kᵀ · scale − lse): workgroups of 64 queries, keys in tiles of 16
// Dao et al. 2022, arXiv:2205.14135, algorithm 4, the half that runs over queries.
import lib::attention_flash;

@group(0) @binding(0) var<storage, read_write> q: array<vec4f>; // [batch, QUERIES, HEADS, VECTORS]
@group(0) @binding(1) var<storage, read_write> k: array<vec4f>; // [batch, KEYS, HEADS, VECTORS]
@group(0) @binding(2) var<storage, read_write> v: array<vec4f>; // [batch, KEYS, HEADS, VECTORS]
@group(0) @binding(3) var<storage, read_write> lse: array<f32>; // [batch, HEADS, QUERIES]
@group(0) @binding(4) var<storage, read_write> delta: array<f32>; // [batch, HEADS, QUERIES]
@group(0) @binding(5) var<storage, read_write> dy: array<vec4f>; // like q
@group(0) @binding(6) var<storage, read_write> dq: array<vec4f>; // like q
@group(0) @binding(7) var<uniform> sizes: Sizes;

var<workgroup> k_tile: array<vec4f, TILE * WIDEST>;
var<workgroup> v_tile: array<vec4f, TILE * WIDEST>;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let query = group.x * LANES + lane;
  let inside = min(query, sizes.QUERIES - 1u);
  let row = head_row(group.z, sizes.QUERIES, inside, group.y);
  let statistic = (group.z * sizes.HEADS + group.y) * sizes.QUERIES + inside;
  let own_lse = lse[statistic];
  let own_delta = delta[statistic];
  var own: array<vec4f, WIDEST>;
  var own_dy: array<vec4f, WIDEST>;
  var sum: array<vec4f, WIDEST>;
  for (var i = 0u; i < VECTORS; i++) {
    own[i] = SCALE * q[row + i];
    own_dy[i] = dy[row + i];
    sum[i] = vec4f(0.0);
  }
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
    for (var j = 0u; j < TILE; j++) {
      var score = vec4f(0.0);
      var dp = vec4f(0.0);
      for (var i = 0u; i < VECTORS; i++) {
        score += own[i] * k_tile[j * VECTORS + i];
        dp += own_dy[i] * v_tile[j * VECTORS + i];
      }
      let exponent = total_of(score) - own_lse;
      let p = select(0.0, exp(select(exponent, 0.0, exponent >= 0.0)), sees(query, first + j));
      let ds = SCALE * p * (total_of(dp) - own_delta);
      for (var i = 0u; i < VECTORS; i++) { sum[i] += ds * k_tile[j * VECTORS + i]; }
    }
  }
  if (query >= sizes.QUERIES) { return; }
  for (var i = 0u; i < VECTORS; i++) { dq[row + i] = sum[i]; }
}
