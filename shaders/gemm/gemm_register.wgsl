// C = activate(α · op(A) · op(B) + bias + residual), 8 rows by 8 columns an invocation, M a multiple of 4 when A_TRANSPOSED
// Register blocking without workgroup memory (Goto & van de Geijn 2008): CPU adapters pay dearly for barriers.
import lib::gemm_register_loads;

@compute @workgroup_size(4, 4)
fn main(@builtin(workgroup_id) tile: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let place = place_of(tile.z);
  let row = tile.y * 32u + local.y * 8u;
  let column4 = tile.x * 8u + local.x * 2u;
  let bias0 = bias_of(column4);
  let bias1 = bias_of(column4 + 1u);
  var c0_0 = start(place.c, row + 0u, column4, bias0);
  var c0_1 = start(place.c, row + 0u, column4 + 1u, bias1);
  var c1_0 = start(place.c, row + 1u, column4, bias0);
  var c1_1 = start(place.c, row + 1u, column4 + 1u, bias1);
  var c2_0 = start(place.c, row + 2u, column4, bias0);
  var c2_1 = start(place.c, row + 2u, column4 + 1u, bias1);
  var c3_0 = start(place.c, row + 3u, column4, bias0);
  var c3_1 = start(place.c, row + 3u, column4 + 1u, bias1);
  var c4_0 = start(place.c, row + 4u, column4, bias0);
  var c4_1 = start(place.c, row + 4u, column4 + 1u, bias1);
  var c5_0 = start(place.c, row + 5u, column4, bias0);
  var c5_1 = start(place.c, row + 5u, column4 + 1u, bias1);
  var c6_0 = start(place.c, row + 6u, column4, bias0);
  var c6_1 = start(place.c, row + 6u, column4 + 1u, bias1);
  var c7_0 = start(place.c, row + 7u, column4, bias0);
  var c7_1 = start(place.c, row + 7u, column4 + 1u, bias1);
  for (var k = place.k_begin; k < place.k_end; k += 4u) {
    let b0 = tile_b(place.b, column4, k, place.k_end);
    let b1 = tile_b(place.b, column4 + 1u, k, place.k_end);
    let a0 = tile_a(place.a, row, k, place.k_end);
    let a1 = tile_a(place.a, row + 4u, k, place.k_end);
    c0_0 += b0 * a0[0];
    c0_1 += b1 * a0[0];
    c1_0 += b0 * a0[1];
    c1_1 += b1 * a0[1];
    c2_0 += b0 * a0[2];
    c2_1 += b1 * a0[2];
    c3_0 += b0 * a0[3];
    c3_1 += b1 * a0[3];
    c4_0 += b0 * a1[0];
    c4_1 += b1 * a1[0];
    c5_0 += b0 * a1[1];
    c5_1 += b1 * a1[1];
    c6_0 += b0 * a1[2];
    c6_1 += b1 * a1[2];
    c7_0 += b0 * a1[3];
    c7_1 += b1 * a1[3];
  }
  store_sum(place.c, row + 0u, column4, c0_0);
  store_sum(place.c, row + 0u, column4 + 1u, c0_1);
  store_sum(place.c, row + 1u, column4, c1_0);
  store_sum(place.c, row + 1u, column4 + 1u, c1_1);
  store_sum(place.c, row + 2u, column4, c2_0);
  store_sum(place.c, row + 2u, column4 + 1u, c2_1);
  store_sum(place.c, row + 3u, column4, c3_0);
  store_sum(place.c, row + 3u, column4 + 1u, c3_1);
  store_sum(place.c, row + 4u, column4, c4_0);
  store_sum(place.c, row + 4u, column4 + 1u, c4_1);
  store_sum(place.c, row + 5u, column4, c5_0);
  store_sum(place.c, row + 5u, column4 + 1u, c5_1);
  store_sum(place.c, row + 6u, column4, c6_0);
  store_sum(place.c, row + 6u, column4 + 1u, c6_1);
  store_sum(place.c, row + 7u, column4, c7_0);
  store_sum(place.c, row + 7u, column4 + 1u, c7_1);
  finish(place.c, row, column4, 8u);
  finish(place.c, row, column4 + 1u, 8u);
}
