// C = activate(α · A · op(B) + bias + residual), A [M, K], B [K, N] or, B_TRANSPOSED, [N, K]
// Outer products in registers (Goto & van de Geijn 2008); CPU adapters pay for every lane's load, so lanes load different
// rows of A and hand them round with subgroupBroadcast instead of all loading the same row.
enable subgroups;
import lib::gemm_subgroup_loads;

// Rows of a tile by eights, 2 to 4: more make more sums of a load of B, where a result has the rows.
override EIGHTS: u32 = 2;

// One subgroup of 8 makes 8 · EIGHTS rows by 32 columns: lane l loads rows l, l + 8 and so on of A, and keeps columns 4l to 4l + 3.
@compute @workgroup_size(8)
fn main(@builtin(workgroup_id) tile: vec3u, @builtin(local_invocation_index) lane: u32) {
  let place = place_of(tile.z);
  let row = tile.y * 8u * EIGHTS;
  let column4 = tile.x * 8u + lane;
  let a0_at = row_of_a(place.a, row + lane);
  let a1_at = row_of_a(place.a, row + 8u + lane);
  let a2_at = row_of_a(place.a, row + 16u + lane);
  let a3_at = row_of_a(place.a, row + 24u + lane);
  let inside4 = min(column4, sizes.N / 4u - 1u);
  let bias4 = bias_of(column4);
  var c0 = start_eight(place.c, row, column4, bias4);
  var c1 = start_eight(place.c, row + 8u, column4, bias4);
  var c2: Eight;
  var c3: Eight;
  if (EIGHTS > 2u) { c2 = start_eight(place.c, row + 16u, column4, bias4); }
  if (EIGHTS > 3u) { c3 = start_eight(place.c, row + 24u, column4, bias4); }
  for (var k = place.k_begin; k < place.k_end; k += 4u) {
    // All loads of a turn before all of its sums: a sixth faster than each load where it is needed first.
    let b0 = load_b(place.b, inside4, k, 0u, place.k_end);
    let b1 = load_b(place.b, inside4, k, 1u, place.k_end);
    let b2 = load_b(place.b, inside4, k, 2u, place.k_end);
    let b3 = load_b(place.b, inside4, k, 3u, place.k_end);
    let a0 = load_a(a0_at, k, place.k_end);
    let a1 = load_a(a1_at, k, place.k_end);
    var a2: vec4f;
    var a3: vec4f;
    if (EIGHTS > 2u) { a2 = load_a(a2_at, k, place.k_end); }
    if (EIGHTS > 3u) { a3 = load_a(a3_at, k, place.k_end); }
    c0 = accumulate_eight(c0, a0, b0, b1, b2, b3);
    c1 = accumulate_eight(c1, a1, b0, b1, b2, b3);
    if (EIGHTS > 2u) { c2 = accumulate_eight(c2, a2, b0, b1, b2, b3); }
    if (EIGHTS > 3u) { c3 = accumulate_eight(c3, a3, b0, b1, b2, b3); }
  }
  store_eight(place.c, row, column4, c0);
  store_eight(place.c, row + 8u, column4, c1);
  if (EIGHTS > 2u) { store_eight(place.c, row + 16u, column4, c2); }
  if (EIGHTS > 3u) { store_eight(place.c, row + 24u, column4, c3); }
  finish(place.c, row, column4, 8u * EIGHTS);
}
