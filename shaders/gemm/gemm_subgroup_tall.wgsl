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
  var c0 = start_eight(place.c, row, column4, bias4);
  var c1 = start_eight(place.c, row + 8u, column4, bias4);
  var c2 = start_eight(place.c, row + 16u, column4, bias4);
  for (var k = place.k_begin; k < place.k_end; k += 4u) {
    let b0 = load_b(place.b, inside4, k, 0u, place.k_end);
    let b1 = load_b(place.b, inside4, k, 1u, place.k_end);
    let b2 = load_b(place.b, inside4, k, 2u, place.k_end);
    let b3 = load_b(place.b, inside4, k, 3u, place.k_end);
    let a0 = load_a(a0_at, k, place.k_end);
    let a1 = load_a(a1_at, k, place.k_end);
    let a2 = load_a(a2_at, k, place.k_end);
    c0 = accumulate_eight(c0, a0, b0, b1, b2, b3);
    c1 = accumulate_eight(c1, a1, b0, b1, b2, b3);
    c2 = accumulate_eight(c2, a2, b0, b1, b2, b3);
  }
  store_eight(place.c, row, column4, c0);
  store_eight(place.c, row + 8u, column4, c1);
  store_eight(place.c, row + 16u, column4, c2);
  finish(place.c, row, column4, 24u);
}
