// y[p, o] = Σ w[k, i, o] x[STRIDE·p + k − pad, i], and its gradient by x when INPUT_GRADIENT; for few target channels
// As conv2d_subgroup.wgsl with tiles of 32 pixels by 16 channels: 16 channels leave half of its 32 columns empty.
enable subgroups;
import lib::conv_problem;
import lib::whole_vectors;

// Two target channels from an even `column` on, at source channel 4 · channel4 + i.
fn load_pair(tap: u32, channel4: u32, column: u32, i: u32) -> vec2f {
  let at = (tap * sizes.SOURCE_C + channel4 * 4u + i) * (sizes.TARGET_C / 4u) + column / 4u;
  return vec2f(weight[at][column % 4u], weight[at][column % 4u + 1u]);
}

// c + p · W for four source channels: w0 to w3 are pairs of target channels, and for the INPUT_GRADIENT v0 and v1 one each.
fn accumulate_pair(c: vec2f, p: vec4f, w0: vec2f, w1: vec2f, w2: vec2f, w3: vec2f, v0: vec4f, v1: vec4f) -> vec2f {
  if (INPUT_GRADIENT) { return c + vec2f(dot(p, v0), dot(p, v1)); }
  return c + p.x * w0 + p.y * w1 + p.z * w2 + p.w * w3;
}

// One subgroup of 8 makes 32 pixels by 16 channels: lane l loads pixels l, l + 8, l + 16 and l + 24, and keeps channels 2l and 2l + 1.
@compute @workgroup_size(8)
fn main(@builtin(workgroup_id) tile: vec3u, @builtin(local_invocation_index) lane: u32) {
  let phase = tile.z;
  let row = sizes.ROW_BEGIN + tile.y * 32u;
  let column = tile.x * 16u + lane * 2u;
  let inside = min(column, sizes.TARGET_C - 2u);
  let column4 = select(OUTSIDE, column / 4u, lane % 2u == 0u);
  let pixel0 = pixel_of(min(row + 0u + lane, sizes.ROWS - 1u), phase);
  let pixel1 = pixel_of(min(row + 8u + lane, sizes.ROWS - 1u), phase);
  let pixel2 = pixel_of(min(row + 16u + lane, sizes.ROWS - 1u), phase);
  let pixel3 = pixel_of(min(row + 24u + lane, sizes.ROWS - 1u), phase);
  let first = first_tap(phase);
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
  for (var tap_y = first.x; tap_y < KH; tap_y += PHASES) {
    for (var tap_x = first.y; tap_x < KW; tap_x += PHASES) {
      let tap = tap_y * KW + tap_x;
      let at0 = source_at(pixel0, tap_y, tap_x);
      let at1 = source_at(pixel1, tap_y, tap_x);
      let at2 = source_at(pixel2, tap_y, tap_x);
      let at3 = source_at(pixel3, tap_y, tap_x);
      for (var channel4 = 0u; channel4 < sizes.SOURCE_C / 4u; channel4++) {
        var w0: vec2f;
        var w1: vec2f;
        var w2: vec2f;
        var w3: vec2f;
        var v0: vec4f;
        var v1: vec4f;
        if (INPUT_GRADIENT) {
          v0 = load_weight(tap, channel4, inside / 4u, inside % 4u);
          v1 = load_weight(tap, channel4, inside / 4u, inside % 4u + 1u);
        } else {
          w0 = load_pair(tap, channel4, inside, 0u);
          w1 = load_pair(tap, channel4, inside, 1u);
          w2 = load_pair(tap, channel4, inside, 2u);
          w3 = load_pair(tap, channel4, inside, 3u);
        }
        let a0 = load_source(at0, channel4);
        let a1 = load_source(at1, channel4);
        let a2 = load_source(at2, channel4);
        let a3 = load_source(at3, channel4);
        c0 = accumulate_pair(c0, subgroupBroadcast(a0, 0u), w0, w1, w2, w3, v0, v1);
        c1 = accumulate_pair(c1, subgroupBroadcast(a0, 1u), w0, w1, w2, w3, v0, v1);
        c2 = accumulate_pair(c2, subgroupBroadcast(a0, 2u), w0, w1, w2, w3, v0, v1);
        c3 = accumulate_pair(c3, subgroupBroadcast(a0, 3u), w0, w1, w2, w3, v0, v1);
        c4 = accumulate_pair(c4, subgroupBroadcast(a0, 4u), w0, w1, w2, w3, v0, v1);
        c5 = accumulate_pair(c5, subgroupBroadcast(a0, 5u), w0, w1, w2, w3, v0, v1);
        c6 = accumulate_pair(c6, subgroupBroadcast(a0, 6u), w0, w1, w2, w3, v0, v1);
        c7 = accumulate_pair(c7, subgroupBroadcast(a0, 7u), w0, w1, w2, w3, v0, v1);
        c8 = accumulate_pair(c8, subgroupBroadcast(a1, 0u), w0, w1, w2, w3, v0, v1);
        c9 = accumulate_pair(c9, subgroupBroadcast(a1, 1u), w0, w1, w2, w3, v0, v1);
        c10 = accumulate_pair(c10, subgroupBroadcast(a1, 2u), w0, w1, w2, w3, v0, v1);
        c11 = accumulate_pair(c11, subgroupBroadcast(a1, 3u), w0, w1, w2, w3, v0, v1);
        c12 = accumulate_pair(c12, subgroupBroadcast(a1, 4u), w0, w1, w2, w3, v0, v1);
        c13 = accumulate_pair(c13, subgroupBroadcast(a1, 5u), w0, w1, w2, w3, v0, v1);
        c14 = accumulate_pair(c14, subgroupBroadcast(a1, 6u), w0, w1, w2, w3, v0, v1);
        c15 = accumulate_pair(c15, subgroupBroadcast(a1, 7u), w0, w1, w2, w3, v0, v1);
        c16 = accumulate_pair(c16, subgroupBroadcast(a2, 0u), w0, w1, w2, w3, v0, v1);
        c17 = accumulate_pair(c17, subgroupBroadcast(a2, 1u), w0, w1, w2, w3, v0, v1);
        c18 = accumulate_pair(c18, subgroupBroadcast(a2, 2u), w0, w1, w2, w3, v0, v1);
        c19 = accumulate_pair(c19, subgroupBroadcast(a2, 3u), w0, w1, w2, w3, v0, v1);
        c20 = accumulate_pair(c20, subgroupBroadcast(a2, 4u), w0, w1, w2, w3, v0, v1);
        c21 = accumulate_pair(c21, subgroupBroadcast(a2, 5u), w0, w1, w2, w3, v0, v1);
        c22 = accumulate_pair(c22, subgroupBroadcast(a2, 6u), w0, w1, w2, w3, v0, v1);
        c23 = accumulate_pair(c23, subgroupBroadcast(a2, 7u), w0, w1, w2, w3, v0, v1);
        c24 = accumulate_pair(c24, subgroupBroadcast(a3, 0u), w0, w1, w2, w3, v0, v1);
        c25 = accumulate_pair(c25, subgroupBroadcast(a3, 1u), w0, w1, w2, w3, v0, v1);
        c26 = accumulate_pair(c26, subgroupBroadcast(a3, 2u), w0, w1, w2, w3, v0, v1);
        c27 = accumulate_pair(c27, subgroupBroadcast(a3, 3u), w0, w1, w2, w3, v0, v1);
        c28 = accumulate_pair(c28, subgroupBroadcast(a3, 4u), w0, w1, w2, w3, v0, v1);
        c29 = accumulate_pair(c29, subgroupBroadcast(a3, 5u), w0, w1, w2, w3, v0, v1);
        c30 = accumulate_pair(c30, subgroupBroadcast(a3, 6u), w0, w1, w2, w3, v0, v1);
        c31 = accumulate_pair(c31, subgroupBroadcast(a3, 7u), w0, w1, w2, w3, v0, v1);
      }
    }
  }
  store(row + 0u, phase, column4, whole(c0));
  store(row + 1u, phase, column4, whole(c1));
  store(row + 2u, phase, column4, whole(c2));
  store(row + 3u, phase, column4, whole(c3));
  store(row + 4u, phase, column4, whole(c4));
  store(row + 5u, phase, column4, whole(c5));
  store(row + 6u, phase, column4, whole(c6));
  store(row + 7u, phase, column4, whole(c7));
  store(row + 8u, phase, column4, whole(c8));
  store(row + 9u, phase, column4, whole(c9));
  store(row + 10u, phase, column4, whole(c10));
  store(row + 11u, phase, column4, whole(c11));
  store(row + 12u, phase, column4, whole(c12));
  store(row + 13u, phase, column4, whole(c13));
  store(row + 14u, phase, column4, whole(c14));
  store(row + 15u, phase, column4, whole(c15));
  store(row + 16u, phase, column4, whole(c16));
  store(row + 17u, phase, column4, whole(c17));
  store(row + 18u, phase, column4, whole(c18));
  store(row + 19u, phase, column4, whole(c19));
  store(row + 20u, phase, column4, whole(c20));
  store(row + 21u, phase, column4, whole(c21));
  store(row + 22u, phase, column4, whole(c22));
  store(row + 23u, phase, column4, whole(c23));
  store(row + 24u, phase, column4, whole(c24));
  store(row + 25u, phase, column4, whole(c25));
  store(row + 26u, phase, column4, whole(c26));
  store(row + 27u, phase, column4, whole(c27));
  store(row + 28u, phase, column4, whole(c28));
  store(row + 29u, phase, column4, whole(c29));
  store(row + 30u, phase, column4, whole(c30));
  store(row + 31u, phase, column4, whole(c31));
  finish(row, phase, column4, 32u);
}
