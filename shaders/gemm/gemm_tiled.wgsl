// C = activate(α · op(A) · op(B) + bias + residual), tiles of 64 by 64 through workgroup memory, M a multiple of 4 when A_TRANSPOSED
// Register and shared-memory blocking, Volkov & Demmel 2008; each of 16 by 16 invocations makes 4 by 4 elements.
import lib::gemm_problem;

override A_TRANSPOSED: bool = false;
override B_TRANSPOSED: bool = false;

const TILE: u32 = 64;
const DEPTH: u32 = 16;

var<workgroup> a_tile: array<f32, 1024>; // [DEPTH, TILE], a row a term
var<workgroup> b_tile: array<vec4f, 256>; // [DEPTH, TILE / 4]
var<workgroup> b_scalars: array<f32, 1024>; // the same when B_TRANSPOSED

fn load_a(base: u32, row: u32, k: u32, lane: u32, end: u32) {
  if (A_TRANSPOSED) {
    let depth = lane / 16u;
    let row4 = row / 4u + lane % 16u;
    var v = vec4f(0.0);
    if (k + depth < end && row4 < sizes.M / 4u) { v = a[base + (k + depth) * (sizes.A_STRIDE / 4u) + row4]; }
    let at = depth * TILE + (lane % 16u) * 4u;
    a_tile[at] = v.x;
    a_tile[at + 1u] = v.y;
    a_tile[at + 2u] = v.z;
    a_tile[at + 3u] = v.w;
  } else {
    let r = lane / 4u;
    let depth = (lane % 4u) * 4u;
    var v = vec4f(0.0);
    if (row + r < sizes.M && k + depth < end) { v = within(a[base + (row + r) * (sizes.A_STRIDE / 4u) + (k + depth) / 4u], k + depth, end); }
    let at = depth * TILE + r;
    a_tile[at] = v.x;
    a_tile[at + TILE] = v.y;
    a_tile[at + 2u * TILE] = v.z;
    a_tile[at + 3u * TILE] = v.w;
  }
}

fn load_b(base: u32, column: u32, k: u32, lane: u32, end: u32) {
  if (B_TRANSPOSED) {
    let j = lane / 4u;
    let depth = (lane % 4u) * 4u;
    var v = vec4f(0.0);
    if (column + j < sizes.N && k + depth < end) { v = within(b[base + (column + j) * (sizes.B_STRIDE / 4u) + (k + depth) / 4u], k + depth, end); }
    let at = depth * TILE + j;
    b_scalars[at] = v.x;
    b_scalars[at + TILE] = v.y;
    b_scalars[at + 2u * TILE] = v.z;
    b_scalars[at + 3u * TILE] = v.w;
  } else {
    let depth = lane / 16u;
    let column4 = column / 4u + lane % 16u;
    var v = vec4f(0.0);
    if (k + depth < end && column4 < sizes.N / 4u) { v = b[base + (k + depth) * (sizes.B_STRIDE / 4u) + column4]; }
    b_tile[lane] = v;
  }
}

fn tile_b(depth: u32, x: u32) -> vec4f {
  if (B_TRANSPOSED) {
    let at = depth * TILE + x * 4u;
    return vec4f(b_scalars[at], b_scalars[at + 1u], b_scalars[at + 2u], b_scalars[at + 3u]);
  }
  return b_tile[depth * (TILE / 4u) + x];
}

@compute @workgroup_size(16, 16)
fn main(@builtin(workgroup_id) tile: vec3u, @builtin(local_invocation_id) local: vec3u, @builtin(local_invocation_index) lane: u32) {
  let place = place_of(tile.z);
  let row = tile.y * TILE;
  let column = tile.x * TILE;
  var c0 = vec4f(0.0);
  var c1 = vec4f(0.0);
  var c2 = vec4f(0.0);
  var c3 = vec4f(0.0);
  for (var k = place.k_begin; k < place.k_end; k += DEPTH) {
    load_a(place.a, row, k, lane, place.k_end);
    load_b(place.b, column, k, lane, place.k_end);
    workgroupBarrier();
    for (var depth = 0u; depth < DEPTH; depth++) {
      let at = depth * TILE + local.y * 4u;
      let v = tile_b(depth, local.x);
      c0 = fma(vec4f(a_tile[at]), v, c0);
      c1 = fma(vec4f(a_tile[at + 1u]), v, c1);
      c2 = fma(vec4f(a_tile[at + 2u]), v, c2);
      c3 = fma(vec4f(a_tile[at + 3u]), v, c3);
    }
    workgroupBarrier();
  }
  let first = row + local.y * 4u;
  let column4 = column / 4u + local.x;
  store(place.c, first, column4, c0);
  store(place.c, first + 1u, column4, c1);
  store(place.c, first + 2u, column4, c2);
  store(place.c, first + 3u, column4, c3);
}
