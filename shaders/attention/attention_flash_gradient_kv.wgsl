// dv = Σ_queries p · dy, dk = Σ_queries ds · q, ds = scale · p ∘ (dy vᵀ − Δ): workgroups of 64 keys, queries in tiles of 16
// Dao et al. 2022, arXiv:2205.14135, algorithm 4, the half that runs over keys.
import lib::attention_flash;

@group(0) @binding(0) var<storage, read_write> q: array<vec4f>; // [batch, QUERIES, HEADS, VECTORS]
@group(0) @binding(1) var<storage, read_write> k: array<vec4f>; // [batch, KEYS, HEADS, VECTORS]
@group(0) @binding(2) var<storage, read_write> v: array<vec4f>; // [batch, KEYS, HEADS, VECTORS]
@group(0) @binding(3) var<storage, read_write> lse: array<f32>; // [batch, HEADS, QUERIES]
@group(0) @binding(4) var<storage, read_write> delta: array<f32>; // [batch, HEADS, QUERIES]
@group(0) @binding(5) var<storage, read_write> dy: array<vec4f>; // like q
@group(0) @binding(6) var<storage, read_write> dk: array<vec4f>; // like k
@group(0) @binding(7) var<storage, read_write> dv: array<vec4f>; // like v
@group(0) @binding(8) var<uniform> sizes: Sizes;

var<workgroup> q_tile: array<vec4f, TILE * WIDEST>;
var<workgroup> dy_tile: array<vec4f, TILE * WIDEST>;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let key = group.x * LANES + lane;
  let row = head_row(group.z, sizes.KEYS, min(key, sizes.KEYS - 1u), group.y);
  let statistics = (group.z * sizes.HEADS + group.y) * sizes.QUERIES;
  var own_k: array<vec4f, WIDEST>;
  var own_v: array<vec4f, WIDEST>;
  var sum_k: array<vec4f, WIDEST>;
  var sum_v: array<vec4f, WIDEST>;
  for (var i = 0u; i < VECTORS; i++) {
    own_k[i] = SCALE * k[row + i];
    own_v[i] = v[row + i];
    sum_k[i] = vec4f(0.0);
    sum_v[i] = vec4f(0.0);
  }
  var begin = 0u;
  if (CAUSAL) { begin = group.x * LANES; }
  for (var first = begin; first < sizes.QUERIES; first += TILE) {
    workgroupBarrier();
    for (var i = lane; i < TILE * VECTORS; i += LANES) {
      let at = head_row(group.z, sizes.QUERIES, min(first + i / VECTORS, sizes.QUERIES - 1u), group.y) + i % VECTORS;
      q_tile[i] = q[at];
      dy_tile[i] = dy[at];
    }
    workgroupBarrier();
    for (var j = 0u; j < TILE; j++) {
      let query = min(first + j, sizes.QUERIES - 1u);
      var score = vec4f(0.0);
      var dp = vec4f(0.0);
      for (var i = 0u; i < VECTORS; i++) {
        score += own_k[i] * q_tile[j * VECTORS + i];
        dp += own_v[i] * dy_tile[j * VECTORS + i];
      }
      let exponent = total_of(score) - lse[statistics + query];
      let p = select(0.0, exp(select(exponent, 0.0, exponent >= 0.0)), sees(first + j, key));
      let ds = SCALE * p * (total_of(dp) - delta[statistics + query]);
      for (var i = 0u; i < VECTORS; i++) {
        sum_k[i] += ds * q_tile[j * VECTORS + i];
        sum_v[i] += p * dy_tile[j * VECTORS + i];
      }
    }
  }
  if (key >= sizes.KEYS) { return; }
  for (var i = 0u; i < VECTORS; i++) {
    dk[row + i] = sum_k[i];
    dv[row + i] = sum_v[i];
  }
}
