// dw[k, i, o] = Σ_p x[STRIDE·p + k − pad, i] dy[p, o]
// Implicit product (Chetlur et al. 2014, arXiv:1410.0759) on the scheme of gemm/gemm_subgroup_tn.wgsl: terms are pixels.
enable subgroups;
import lib::conv_weight_gradient_pixels;

// One subgroup of 8 makes 16 rows (of taps and input channels) by 32 output channels, four pixels at a time:
// lane l loads rows 4(l % 4) to 4(l % 4) + 3 at pixels l / 4 and l / 4 + 2, and keeps channels 4l to 4l + 3.
@compute @workgroup_size(8)
fn main(@builtin(workgroup_id) tile: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row = tile.y * 16u;
  let column4 = tile.x * 8u + lane;
  let inside4 = min(column4, sizes.CO / 4u - 1u);
  let tap = tap_of(min(tile.y * 4u + lane % 4u, sizes.ROWS4 - 1u));
  var c0 = vec4f(0.0);
  var c1 = vec4f(0.0);
  var c2 = vec4f(0.0);
  var c3 = vec4f(0.0);
  var c4 = vec4f(0.0);
  var c5 = vec4f(0.0);
  var c6 = vec4f(0.0);
  var c7 = vec4f(0.0);
  var c8 = vec4f(0.0);
  var c9 = vec4f(0.0);
  var c10 = vec4f(0.0);
  var c11 = vec4f(0.0);
  var c12 = vec4f(0.0);
  var c13 = vec4f(0.0);
  var c14 = vec4f(0.0);
  var c15 = vec4f(0.0);
  for (var at = pixels_of(tile.z); at.first < at.end; at = next_pixels(at)) {
    let b0 = dy[dy_at(at, 0u) + inside4];
    let b1 = dy[dy_at(at, 1u) + inside4];
    let b2 = dy[dy_at(at, 2u) + inside4];
    let b3 = dy[dy_at(at, 3u) + inside4];
    let a0 = load_pixel(tap, at, lane / 4u);
    let a1 = load_pixel(tap, at, 2u + lane / 4u);
    let p0 = subgroupBroadcast(a0, 0u);
    let q0 = subgroupBroadcast(a0, 4u);
    let s0 = subgroupBroadcast(a1, 0u);
    let t0 = subgroupBroadcast(a1, 4u);
    c0 += p0.x * b0 + q0.x * b1 + s0.x * b2 + t0.x * b3;
    c1 += p0.y * b0 + q0.y * b1 + s0.y * b2 + t0.y * b3;
    c2 += p0.z * b0 + q0.z * b1 + s0.z * b2 + t0.z * b3;
    c3 += p0.w * b0 + q0.w * b1 + s0.w * b2 + t0.w * b3;
    let p1 = subgroupBroadcast(a0, 1u);
    let q1 = subgroupBroadcast(a0, 5u);
    let s1 = subgroupBroadcast(a1, 1u);
    let t1 = subgroupBroadcast(a1, 5u);
    c4 += p1.x * b0 + q1.x * b1 + s1.x * b2 + t1.x * b3;
    c5 += p1.y * b0 + q1.y * b1 + s1.y * b2 + t1.y * b3;
    c6 += p1.z * b0 + q1.z * b1 + s1.z * b2 + t1.z * b3;
    c7 += p1.w * b0 + q1.w * b1 + s1.w * b2 + t1.w * b3;
    let p2 = subgroupBroadcast(a0, 2u);
    let q2 = subgroupBroadcast(a0, 6u);
    let s2 = subgroupBroadcast(a1, 2u);
    let t2 = subgroupBroadcast(a1, 6u);
    c8 += p2.x * b0 + q2.x * b1 + s2.x * b2 + t2.x * b3;
    c9 += p2.y * b0 + q2.y * b1 + s2.y * b2 + t2.y * b3;
    c10 += p2.z * b0 + q2.z * b1 + s2.z * b2 + t2.z * b3;
    c11 += p2.w * b0 + q2.w * b1 + s2.w * b2 + t2.w * b3;
    let p3 = subgroupBroadcast(a0, 3u);
    let q3 = subgroupBroadcast(a0, 7u);
    let s3 = subgroupBroadcast(a1, 3u);
    let t3 = subgroupBroadcast(a1, 7u);
    c12 += p3.x * b0 + q3.x * b1 + s3.x * b2 + t3.x * b3;
    c13 += p3.y * b0 + q3.y * b1 + s3.y * b2 + t3.y * b3;
    c14 += p3.z * b0 + q3.z * b1 + s3.z * b2 + t3.z * b3;
    c15 += p3.w * b0 + q3.w * b1 + s3.w * b2 + t3.w * b3;
  }
  store(tile.z, row + 0u, column4, c0);
  store(tile.z, row + 1u, column4, c1);
  store(tile.z, row + 2u, column4, c2);
  store(tile.z, row + 3u, column4, c3);
  store(tile.z, row + 4u, column4, c4);
  store(tile.z, row + 5u, column4, c5);
  store(tile.z, row + 6u, column4, c6);
  store(tile.z, row + 7u, column4, c7);
  store(tile.z, row + 8u, column4, c8);
  store(tile.z, row + 9u, column4, c9);
  store(tile.z, row + 10u, column4, c10);
  store(tile.z, row + 11u, column4, c11);
  store(tile.z, row + 12u, column4, c12);
  store(tile.z, row + 13u, column4, c13);
  store(tile.z, row + 14u, column4, c14);
  store(tile.z, row + 15u, column4, c15);
}
