// C = activate(α · A · op(B) + bias + residual), A [M, K], B [K, N] or, B_TRANSPOSED, [N, K]
// As gemm_subgroup.wgsl, but a workgroup keeps its columns of B for several blocks of rows: the panel of Goto & van de Geijn 2008.
enable subgroups;
import lib::gemm_problem;

override B_TRANSPOSED: bool = false;
override PANEL: u32 = 8; // vectors, at least 8 · K rounded up to a multiple of 4

// A lane reads only what it wrote itself, so no barrier is needed.
var<workgroup> panel: array<vec4f, PANEL>; // [K, lane]

// c + p · B for four terms of the sum; transposed, each vector of B holds the four terms of one column.
fn accumulate(c: vec4f, p: vec4f, b0: vec4f, b1: vec4f, b2: vec4f, b3: vec4f) -> vec4f {
  if (B_TRANSPOSED) { return c + vec4f(dot(p, b0), dot(p, b1), dot(p, b2), dot(p, b3)); }
  return c + p.x * b0 + p.y * b1 + p.z * b2 + p.w * b3;
}

// Vector i of the four that a lane needs at term k.
fn load_b(base: u32, column4: u32, k: u32, i: u32, end: u32) -> vec4f {
  if (B_TRANSPOSED) {
    let v = b[base + (column4 * 4u + i) * (sizes.B_STRIDE / 4u) + k / 4u];
    if (WHOLE_K) { return v; }
    return within(v, k, end);
  }
  return b[base + min(k + i, sizes.K - 1u) * (sizes.B_STRIDE / 4u) + column4];
}

fn load_a(at: u32, k: u32, end: u32) -> vec4f {
  if (WHOLE_K) { return a[at + k / 4u]; }
  return within(a[at + k / 4u], k, end);
}

// One subgroup of 8 makes `blocks` times 16 rows by 32 columns: lane l loads rows l and l + 8 of A, and keeps columns 4l to
// 4l + 3. The grid decides how many blocks there are, so that one compiled kernel serves every number.
@compute @workgroup_size(8)
fn main(@builtin(workgroup_id) tile: vec3u, @builtin(num_workgroups) tiles: vec3u, @builtin(local_invocation_index) lane: u32) {
  let blocks = ((sizes.M + 15u) / 16u + tiles.y - 1u) / tiles.y;
  let place = place_of(tile.z);
  let column4 = tile.x * 8u + lane;
  let inside4 = min(column4, sizes.N / 4u - 1u);
  for (var k = place.k_begin; k < place.k_end; k += 4u) {
    for (var i = 0u; i < 4u; i++) { panel[(k + i) * 8u + lane] = load_b(place.b, inside4, k, i, place.k_end); }
  }
  let bias4 = bias_of(column4);
  for (var block = 0u; block < blocks; block++) {
    let row = (tile.y * blocks + block) * 16u;
    if (row >= sizes.M) { break; }
    let a0_at = place.a + min(row + lane, sizes.M - 1u) * (sizes.A_STRIDE / 4u);
    let a1_at = place.a + min(row + 8u + lane, sizes.M - 1u) * (sizes.A_STRIDE / 4u);
    var c0 = start(place.c, row + 0u, column4, bias4);
    var c1 = start(place.c, row + 1u, column4, bias4);
    var c2 = start(place.c, row + 2u, column4, bias4);
    var c3 = start(place.c, row + 3u, column4, bias4);
    var c4 = start(place.c, row + 4u, column4, bias4);
    var c5 = start(place.c, row + 5u, column4, bias4);
    var c6 = start(place.c, row + 6u, column4, bias4);
    var c7 = start(place.c, row + 7u, column4, bias4);
    var c8 = start(place.c, row + 8u, column4, bias4);
    var c9 = start(place.c, row + 9u, column4, bias4);
    var c10 = start(place.c, row + 10u, column4, bias4);
    var c11 = start(place.c, row + 11u, column4, bias4);
    var c12 = start(place.c, row + 12u, column4, bias4);
    var c13 = start(place.c, row + 13u, column4, bias4);
    var c14 = start(place.c, row + 14u, column4, bias4);
    var c15 = start(place.c, row + 15u, column4, bias4);
    for (var k = place.k_begin; k < place.k_end; k += 4u) {
      let b0 = panel[(k + 0u) * 8u + lane];
      let b1 = panel[(k + 1u) * 8u + lane];
      let b2 = panel[(k + 2u) * 8u + lane];
      let b3 = panel[(k + 3u) * 8u + lane];
      let a0 = load_a(a0_at, k, place.k_end);
      c0 = accumulate(c0, subgroupBroadcast(a0, 0u), b0, b1, b2, b3);
      c1 = accumulate(c1, subgroupBroadcast(a0, 1u), b0, b1, b2, b3);
      c2 = accumulate(c2, subgroupBroadcast(a0, 2u), b0, b1, b2, b3);
      c3 = accumulate(c3, subgroupBroadcast(a0, 3u), b0, b1, b2, b3);
      c4 = accumulate(c4, subgroupBroadcast(a0, 4u), b0, b1, b2, b3);
      c5 = accumulate(c5, subgroupBroadcast(a0, 5u), b0, b1, b2, b3);
      c6 = accumulate(c6, subgroupBroadcast(a0, 6u), b0, b1, b2, b3);
      c7 = accumulate(c7, subgroupBroadcast(a0, 7u), b0, b1, b2, b3);
      let a1 = load_a(a1_at, k, place.k_end);
      c8 = accumulate(c8, subgroupBroadcast(a1, 0u), b0, b1, b2, b3);
      c9 = accumulate(c9, subgroupBroadcast(a1, 1u), b0, b1, b2, b3);
      c10 = accumulate(c10, subgroupBroadcast(a1, 2u), b0, b1, b2, b3);
      c11 = accumulate(c11, subgroupBroadcast(a1, 3u), b0, b1, b2, b3);
      c12 = accumulate(c12, subgroupBroadcast(a1, 4u), b0, b1, b2, b3);
      c13 = accumulate(c13, subgroupBroadcast(a1, 5u), b0, b1, b2, b3);
      c14 = accumulate(c14, subgroupBroadcast(a1, 6u), b0, b1, b2, b3);
      c15 = accumulate(c15, subgroupBroadcast(a1, 7u), b0, b1, b2, b3);
    }
    store_sum(place.c, row + 0u, column4, c0);
    store_sum(place.c, row + 1u, column4, c1);
    store_sum(place.c, row + 2u, column4, c2);
    store_sum(place.c, row + 3u, column4, c3);
    store_sum(place.c, row + 4u, column4, c4);
    store_sum(place.c, row + 5u, column4, c5);
    store_sum(place.c, row + 6u, column4, c6);
    store_sum(place.c, row + 7u, column4, c7);
    store_sum(place.c, row + 8u, column4, c8);
    store_sum(place.c, row + 9u, column4, c9);
    store_sum(place.c, row + 10u, column4, c10);
    store_sum(place.c, row + 11u, column4, c11);
    store_sum(place.c, row + 12u, column4, c12);
    store_sum(place.c, row + 13u, column4, c13);
    store_sum(place.c, row + 14u, column4, c14);
    store_sum(place.c, row + 15u, column4, c15);
    finish(place.c, row, column4, 16u);
  }
}
