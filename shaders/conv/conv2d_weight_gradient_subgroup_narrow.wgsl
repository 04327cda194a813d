// dw[k, i, o] = Σ_p x[STRIDE·p + k − pad, i] dy[p, o], for few output channels
// As conv2d_weight_gradient_subgroup.wgsl with tiles of 32 rows by 16 channels: 16 channels leave half of its 32 columns empty.
enable subgroups;
import lib::conv_weight_gradient_pixels;

// Two channels of dy at pixel i of four, from an even `column` on.
fn load_pair(pixels: Pixels, i: u32, column: u32) -> vec2f {
  let at = dy_at(pixels, i) + column / 4u;
  return vec2f(dy[at][column % 4u], dy[at][column % 4u + 1u]);
}

// A lane's two channels and the next lane's: vectors are stored whole, by every second lane.
fn whole(pair: vec2f) -> vec4f {
  return vec4f(pair, subgroupShuffleXor(pair, 1u));
}

// One subgroup of 8 makes 32 rows (of taps and input channels) by 16 output channels, four pixels at a time: lane l loads
// rows 4l to 4l + 3, and keeps channels 2l and 2l + 1.
@compute @workgroup_size(8)
fn main(@builtin(workgroup_id) tile: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row = tile.y * 32u;
  let column = tile.x * 16u + lane * 2u;
  let inside = min(column, sizes.CO - 2u);
  let column4 = select(0xffffffffu, column / 4u, lane % 2u == 0u);
  let tap = tap_of(min(tile.y * 8u + lane, sizes.ROWS4 - 1u));
  var c0 = vec2f(0.0);
  var c1 = vec2f(0.0);
  var c2 = vec2f(0.0);
  var c3 = vec2f(0.0);
  var c4 = vec2f(0.0);
  var c5 = vec2f(0.0);
  var c6 = vec2f(0.0);
  var c7 = vec2f(0.0);
  var c8 = vec2f(0.0);
  var c9 = vec2f(0.0);
  var c10 = vec2f(0.0);
  var c11 = vec2f(0.0);
  var c12 = vec2f(0.0);
  var c13 = vec2f(0.0);
  var c14 = vec2f(0.0);
  var c15 = vec2f(0.0);
  var c16 = vec2f(0.0);
  var c17 = vec2f(0.0);
  var c18 = vec2f(0.0);
  var c19 = vec2f(0.0);
  var c20 = vec2f(0.0);
  var c21 = vec2f(0.0);
  var c22 = vec2f(0.0);
  var c23 = vec2f(0.0);
  var c24 = vec2f(0.0);
  var c25 = vec2f(0.0);
  var c26 = vec2f(0.0);
  var c27 = vec2f(0.0);
  var c28 = vec2f(0.0);
  var c29 = vec2f(0.0);
  var c30 = vec2f(0.0);
  var c31 = vec2f(0.0);
  for (var at = pixels_of(tile.z); at.first < at.end; at = next_pixels(at)) {
    let b0 = load_pair(at, 0u, inside);
    let b1 = load_pair(at, 1u, inside);
    let b2 = load_pair(at, 2u, inside);
    let b3 = load_pair(at, 3u, inside);
    let a0 = load_pixel(tap, at, 0u);
    let a1 = load_pixel(tap, at, 1u);
    let a2 = load_pixel(tap, at, 2u);
    let a3 = load_pixel(tap, at, 3u);
    let p0 = subgroupBroadcast(a0, 0u);
    let q0 = subgroupBroadcast(a1, 0u);
    let s0 = subgroupBroadcast(a2, 0u);
    let t0 = subgroupBroadcast(a3, 0u);
    c0 += p0.x * b0 + q0.x * b1 + s0.x * b2 + t0.x * b3;
    c1 += p0.y * b0 + q0.y * b1 + s0.y * b2 + t0.y * b3;
    c2 += p0.z * b0 + q0.z * b1 + s0.z * b2 + t0.z * b3;
    c3 += p0.w * b0 + q0.w * b1 + s0.w * b2 + t0.w * b3;
    let p1 = subgroupBroadcast(a0, 1u);
    let q1 = subgroupBroadcast(a1, 1u);
    let s1 = subgroupBroadcast(a2, 1u);
    let t1 = subgroupBroadcast(a3, 1u);
    c4 += p1.x * b0 + q1.x * b1 + s1.x * b2 + t1.x * b3;
    c5 += p1.y * b0 + q1.y * b1 + s1.y * b2 + t1.y * b3;
    c6 += p1.z * b0 + q1.z * b1 + s1.z * b2 + t1.z * b3;
    c7 += p1.w * b0 + q1.w * b1 + s1.w * b2 + t1.w * b3;
    let p2 = subgroupBroadcast(a0, 2u);
    let q2 = subgroupBroadcast(a1, 2u);
    let s2 = subgroupBroadcast(a2, 2u);
    let t2 = subgroupBroadcast(a3, 2u);
    c8 += p2.x * b0 + q2.x * b1 + s2.x * b2 + t2.x * b3;
    c9 += p2.y * b0 + q2.y * b1 + s2.y * b2 + t2.y * b3;
    c10 += p2.z * b0 + q2.z * b1 + s2.z * b2 + t2.z * b3;
    c11 += p2.w * b0 + q2.w * b1 + s2.w * b2 + t2.w * b3;
    let p3 = subgroupBroadcast(a0, 3u);
    let q3 = subgroupBroadcast(a1, 3u);
    let s3 = subgroupBroadcast(a2, 3u);
    let t3 = subgroupBroadcast(a3, 3u);
    c12 += p3.x * b0 + q3.x * b1 + s3.x * b2 + t3.x * b3;
    c13 += p3.y * b0 + q3.y * b1 + s3.y * b2 + t3.y * b3;
    c14 += p3.z * b0 + q3.z * b1 + s3.z * b2 + t3.z * b3;
    c15 += p3.w * b0 + q3.w * b1 + s3.w * b2 + t3.w * b3;
    let p4 = subgroupBroadcast(a0, 4u);
    let q4 = subgroupBroadcast(a1, 4u);
    let s4 = subgroupBroadcast(a2, 4u);
    let t4 = subgroupBroadcast(a3, 4u);
    c16 += p4.x * b0 + q4.x * b1 + s4.x * b2 + t4.x * b3;
    c17 += p4.y * b0 + q4.y * b1 + s4.y * b2 + t4.y * b3;
    c18 += p4.z * b0 + q4.z * b1 + s4.z * b2 + t4.z * b3;
    c19 += p4.w * b0 + q4.w * b1 + s4.w * b2 + t4.w * b3;
    let p5 = subgroupBroadcast(a0, 5u);
    let q5 = subgroupBroadcast(a1, 5u);
    let s5 = subgroupBroadcast(a2, 5u);
    let t5 = subgroupBroadcast(a3, 5u);
    c20 += p5.x * b0 + q5.x * b1 + s5.x * b2 + t5.x * b3;
    c21 += p5.y * b0 + q5.y * b1 + s5.y * b2 + t5.y * b3;
    c22 += p5.z * b0 + q5.z * b1 + s5.z * b2 + t5.z * b3;
    c23 += p5.w * b0 + q5.w * b1 + s5.w * b2 + t5.w * b3;
    let p6 = subgroupBroadcast(a0, 6u);
    let q6 = subgroupBroadcast(a1, 6u);
    let s6 = subgroupBroadcast(a2, 6u);
    let t6 = subgroupBroadcast(a3, 6u);
    c24 += p6.x * b0 + q6.x * b1 + s6.x * b2 + t6.x * b3;
    c25 += p6.y * b0 + q6.y * b1 + s6.y * b2 + t6.y * b3;
    c26 += p6.z * b0 + q6.z * b1 + s6.z * b2 + t6.z * b3;
    c27 += p6.w * b0 + q6.w * b1 + s6.w * b2 + t6.w * b3;
    let p7 = subgroupBroadcast(a0, 7u);
    let q7 = subgroupBroadcast(a1, 7u);
    let s7 = subgroupBroadcast(a2, 7u);
    let t7 = subgroupBroadcast(a3, 7u);
    c28 += p7.x * b0 + q7.x * b1 + s7.x * b2 + t7.x * b3;
    c29 += p7.y * b0 + q7.y * b1 + s7.y * b2 + t7.y * b3;
    c30 += p7.z * b0 + q7.z * b1 + s7.z * b2 + t7.z * b3;
    c31 += p7.w * b0 + q7.w * b1 + s7.w * b2 + t7.w * b3;
  }
  store(tile.z, row + 0u, column4, whole(c0));
  store(tile.z, row + 1u, column4, whole(c1));
  store(tile.z, row + 2u, column4, whole(c2));
  store(tile.z, row + 3u, column4, whole(c3));
  store(tile.z, row + 4u, column4, whole(c4));
  store(tile.z, row + 5u, column4, whole(c5));
  store(tile.z, row + 6u, column4, whole(c6));
  store(tile.z, row + 7u, column4, whole(c7));
  store(tile.z, row + 8u, column4, whole(c8));
  store(tile.z, row + 9u, column4, whole(c9));
  store(tile.z, row + 10u, column4, whole(c10));
  store(tile.z, row + 11u, column4, whole(c11));
  store(tile.z, row + 12u, column4, whole(c12));
  store(tile.z, row + 13u, column4, whole(c13));
  store(tile.z, row + 14u, column4, whole(c14));
  store(tile.z, row + 15u, column4, whole(c15));
  store(tile.z, row + 16u, column4, whole(c16));
  store(tile.z, row + 17u, column4, whole(c17));
  store(tile.z, row + 18u, column4, whole(c18));
  store(tile.z, row + 19u, column4, whole(c19));
  store(tile.z, row + 20u, column4, whole(c20));
  store(tile.z, row + 21u, column4, whole(c21));
  store(tile.z, row + 22u, column4, whole(c22));
  store(tile.z, row + 23u, column4, whole(c23));
  store(tile.z, row + 24u, column4, whole(c24));
  store(tile.z, row + 25u, column4, whole(c25));
  store(tile.z, row + 26u, column4, whole(c26));
  store(tile.z, row + 27u, column4, whole(c27));
  store(tile.z, row + 28u, column4, whole(c28));
  store(tile.z, row + 29u, column4, whole(c29));
  store(tile.z, row + 30u, column4, whole(c30));
  store(tile.z, row + 31u, column4, whole(c31));
}
