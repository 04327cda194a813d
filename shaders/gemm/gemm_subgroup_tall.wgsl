// C = activate(α · A · op(B) + bias + residual), A [M, K], B [K, N] or, B_TRANSPOSED, [N, K]
// As gemm_subgroup.wgsl (Goto & van de Geijn 2008) with half as many rows more: the same sums for fewer loads of B, where a
// result has the rows.
enable subgroups;
import lib::gemm_subgroup_loads;

// One subgroup of 8 makes 24 rows by 32 columns: lane l loads rows l, l + 8 and l + 16 of A, and keeps columns 4l to 4l + 3.
@compute @workgroup_size(8)
fn main(@builtin(workgroup_id) tile: vec3u, @builtin(local_invocation_index) lane: u32) {
  let place = place_of(tile.z);
  let row = tile.y * 24u;
  let column4 = tile.x * 8u + lane;
  let a0_at = place.a + min(row + lane, sizes.M - 1u) * (sizes.A_STRIDE / 4u);
  let a1_at = place.a + min(row + 8u + lane, sizes.M - 1u) * (sizes.A_STRIDE / 4u);
  let a2_at = place.a + min(row + 16u + lane, sizes.M - 1u) * (sizes.A_STRIDE / 4u);
  let inside4 = min(column4, sizes.N / 4u - 1u);
  let bias4 = bias_of(column4);
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
  var c16 = start(place.c, row + 16u, column4, bias4);
  var c17 = start(place.c, row + 17u, column4, bias4);
  var c18 = start(place.c, row + 18u, column4, bias4);
  var c19 = start(place.c, row + 19u, column4, bias4);
  var c20 = start(place.c, row + 20u, column4, bias4);
  var c21 = start(place.c, row + 21u, column4, bias4);
  var c22 = start(place.c, row + 22u, column4, bias4);
  var c23 = start(place.c, row + 23u, column4, bias4);
  for (var k = place.k_begin; k < place.k_end; k += 4u) {
    let b0 = load_b(place.b, inside4, k, 0u, place.k_end);
    let b1 = load_b(place.b, inside4, k, 1u, place.k_end);
    let b2 = load_b(place.b, inside4, k, 2u, place.k_end);
    let b3 = load_b(place.b, inside4, k, 3u, place.k_end);
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
    let a2 = load_a(a2_at, k, place.k_end);
    c16 = accumulate(c16, subgroupBroadcast(a2, 0u), b0, b1, b2, b3);
    c17 = accumulate(c17, subgroupBroadcast(a2, 1u), b0, b1, b2, b3);
    c18 = accumulate(c18, subgroupBroadcast(a2, 2u), b0, b1, b2, b3);
    c19 = accumulate(c19, subgroupBroadcast(a2, 3u), b0, b1, b2, b3);
    c20 = accumulate(c20, subgroupBroadcast(a2, 4u), b0, b1, b2, b3);
    c21 = accumulate(c21, subgroupBroadcast(a2, 5u), b0, b1, b2, b3);
    c22 = accumulate(c22, subgroupBroadcast(a2, 6u), b0, b1, b2, b3);
    c23 = accumulate(c23, subgroupBroadcast(a2, 7u), b0, b1, b2, b3);
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
  store_sum(place.c, row + 16u, column4, c16);
  store_sum(place.c, row + 17u, column4, c17);
  store_sum(place.c, row + 18u, column4, c18);
  store_sum(place.c, row + 19u, column4, c19);
  store_sum(place.c, row + 20u, column4, c20);
  store_sum(place.c, row + 21u, column4, c21);
  store_sum(place.c, row + 22u, column4, c22);
  store_sum(place.c, row + 23u, column4, c23);
  finish(place.c, row, column4, 24u);
}
