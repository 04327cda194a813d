// C = activate(α · Aᵀ · B + bias + residual), A [K, M], B [K, N], M a multiple of 4
// As gemm_subgroup.wgsl, but A's vectors run along rows of C: a lane loads four rows at one of four terms.
enable subgroups;
import lib::gemm_problem;

// Four rows of C at term k; nothing beyond the end of the sum.
fn load_a(base: u32, row4: u32, k: u32, end: u32) -> vec4f {
  let v = a[base + min(k, sizes.K - 1u) * (sizes.A_STRIDE / 4u) + row4];
  return select(vec4f(0.0), v, k < end);
}

fn load_b(base: u32, column4: u32, k: u32) -> vec4f {
  return b[base + min(k, sizes.K - 1u) * (sizes.B_STRIDE / 4u) + column4];
}

// One subgroup of 8 makes 16 rows by 32 columns: lane l loads rows 4(l % 4) to 4(l % 4) + 3 at terms l / 4 and l / 4 + 2.
@compute @workgroup_size(8)
fn main(@builtin(workgroup_id) tile: vec3u, @builtin(local_invocation_index) lane: u32) {
  let place = place_of(tile.z);
  let row = tile.y * 16u;
  let column4 = tile.x * 8u + lane;
  let row4 = min(tile.y * 4u + lane % 4u, sizes.M / 4u - 1u);
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
  for (var k = place.k_begin; k < place.k_end; k += 4u) {
    let b0 = load_b(place.b, inside4, k);
    let b1 = load_b(place.b, inside4, k + 1u);
    let b2 = load_b(place.b, inside4, k + 2u);
    let b3 = load_b(place.b, inside4, k + 3u);
    let a0 = load_a(place.a, row4, k + lane / 4u, place.k_end);
    let a1 = load_a(place.a, row4, k + 2u + lane / 4u, place.k_end);
    let p0 = subgroupBroadcast(a0, 0u);
    let q0 = subgroupBroadcast(a0, 4u);
    let s0 = subgroupBroadcast(a1, 0u);
    let t0 = subgroupBroadcast(a1, 4u);
    c0 = c0 + p0.x * b0 + q0.x * b1 + s0.x * b2 + t0.x * b3;
    c1 = c1 + p0.y * b0 + q0.y * b1 + s0.y * b2 + t0.y * b3;
    c2 = c2 + p0.z * b0 + q0.z * b1 + s0.z * b2 + t0.z * b3;
    c3 = c3 + p0.w * b0 + q0.w * b1 + s0.w * b2 + t0.w * b3;
    let p1 = subgroupBroadcast(a0, 1u);
    let q1 = subgroupBroadcast(a0, 5u);
    let s1 = subgroupBroadcast(a1, 1u);
    let t1 = subgroupBroadcast(a1, 5u);
    c4 = c4 + p1.x * b0 + q1.x * b1 + s1.x * b2 + t1.x * b3;
    c5 = c5 + p1.y * b0 + q1.y * b1 + s1.y * b2 + t1.y * b3;
    c6 = c6 + p1.z * b0 + q1.z * b1 + s1.z * b2 + t1.z * b3;
    c7 = c7 + p1.w * b0 + q1.w * b1 + s1.w * b2 + t1.w * b3;
    let p2 = subgroupBroadcast(a0, 2u);
    let q2 = subgroupBroadcast(a0, 6u);
    let s2 = subgroupBroadcast(a1, 2u);
    let t2 = subgroupBroadcast(a1, 6u);
    c8 = c8 + p2.x * b0 + q2.x * b1 + s2.x * b2 + t2.x * b3;
    c9 = c9 + p2.y * b0 + q2.y * b1 + s2.y * b2 + t2.y * b3;
    c10 = c10 + p2.z * b0 + q2.z * b1 + s2.z * b2 + t2.z * b3;
    c11 = c11 + p2.w * b0 + q2.w * b1 + s2.w * b2 + t2.w * b3;
    let p3 = subgroupBroadcast(a0, 3u);
    let q3 = subgroupBroadcast(a0, 7u);
    let s3 = subgroupBroadcast(a1, 3u);
    let t3 = subgroupBroadcast(a1, 7u);
    c12 = c12 + p3.x * b0 + q3.x * b1 + s3.x * b2 + t3.x * b3;
    c13 = c13 + p3.y * b0 + q3.y * b1 + s3.y * b2 + t3.y * b3;
    c14 = c14 + p3.z * b0 + q3.z * b1 + s3.z * b2 + t3.z * b3;
    c15 = c15 + p3.w * b0 + q3.w * b1 + s3.w * b2 + t3.w * b3;
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
