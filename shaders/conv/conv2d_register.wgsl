// y[p, o] = Σ w[k, i, o] x[STRIDE·p + k − pad, i], and its gradient by x when INPUT_GRADIENT; 8 pixels by 8 channels each
// Implicit product (Chetlur et al. 2014, arXiv:1410.0759) on the scheme of gemm/gemm_register.wgsl: rows are pixels.
import lib::conv_problem;

// How a workgroup's 16 invocations lie over the result: in fewer columns where it has few channels.
override LANES_X: u32 = 4;
override LANES_Y: u32 = 4;

@compute @workgroup_size(LANES_X, LANES_Y)
fn main(@builtin(workgroup_id) tile: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let phase = tile.z;
  let row = sizes.ROW_BEGIN + (tile.y * LANES_Y + local.y) * 8u;
  let column4 = (tile.x * LANES_X + local.x) * 2u;
  let inside0 = min(column4, sizes.TARGET_C / 4u - 1u);
  let inside1 = min(column4 + 1u, sizes.TARGET_C / 4u - 1u);
  let first = first_tap(phase);
  let pixel0 = pixel_of(min(row + 0u, sizes.ROWS - 1u), phase);
  let pixel1 = pixel_of(min(row + 1u, sizes.ROWS - 1u), phase);
  let pixel2 = pixel_of(min(row + 2u, sizes.ROWS - 1u), phase);
  let pixel3 = pixel_of(min(row + 3u, sizes.ROWS - 1u), phase);
  let pixel4 = pixel_of(min(row + 4u, sizes.ROWS - 1u), phase);
  let pixel5 = pixel_of(min(row + 5u, sizes.ROWS - 1u), phase);
  let pixel6 = pixel_of(min(row + 6u, sizes.ROWS - 1u), phase);
  let pixel7 = pixel_of(min(row + 7u, sizes.ROWS - 1u), phase);
  var c0_0 = vec4f(0.0);
  var c0_1 = vec4f(0.0);
  var c1_0 = vec4f(0.0);
  var c1_1 = vec4f(0.0);
  var c2_0 = vec4f(0.0);
  var c2_1 = vec4f(0.0);
  var c3_0 = vec4f(0.0);
  var c3_1 = vec4f(0.0);
  var c4_0 = vec4f(0.0);
  var c4_1 = vec4f(0.0);
  var c5_0 = vec4f(0.0);
  var c5_1 = vec4f(0.0);
  var c6_0 = vec4f(0.0);
  var c6_1 = vec4f(0.0);
  var c7_0 = vec4f(0.0);
  var c7_1 = vec4f(0.0);
  for (var tap_y = first.x; tap_y < KH; tap_y += PHASES) {
    for (var tap_x = first.y; tap_x < KW; tap_x += PHASES) {
      let tap = tap_y * KW + tap_x;
      let at0 = source_at(pixel0, tap_y, tap_x);
      let at1 = source_at(pixel1, tap_y, tap_x);
      let at2 = source_at(pixel2, tap_y, tap_x);
      let at3 = source_at(pixel3, tap_y, tap_x);
      let at4 = source_at(pixel4, tap_y, tap_x);
      let at5 = source_at(pixel5, tap_y, tap_x);
      let at6 = source_at(pixel6, tap_y, tap_x);
      let at7 = source_at(pixel7, tap_y, tap_x);
      for (var channel4 = 0u; channel4 < sizes.SOURCE_C / 4u; channel4++) {
        let w0 = load_weight(tap, channel4, inside0, 0u);
        let w1 = load_weight(tap, channel4, inside0, 1u);
        let w2 = load_weight(tap, channel4, inside0, 2u);
        let w3 = load_weight(tap, channel4, inside0, 3u);
        let v0 = load_weight(tap, channel4, inside1, 0u);
        let v1 = load_weight(tap, channel4, inside1, 1u);
        let v2 = load_weight(tap, channel4, inside1, 2u);
        let v3 = load_weight(tap, channel4, inside1, 3u);
        let a0 = load_source(at0, channel4);
        c0_0 = accumulate(c0_0, a0, w0, w1, w2, w3);
        c0_1 = accumulate(c0_1, a0, v0, v1, v2, v3);
        let a1 = load_source(at1, channel4);
        c1_0 = accumulate(c1_0, a1, w0, w1, w2, w3);
        c1_1 = accumulate(c1_1, a1, v0, v1, v2, v3);
        let a2 = load_source(at2, channel4);
        c2_0 = accumulate(c2_0, a2, w0, w1, w2, w3);
        c2_1 = accumulate(c2_1, a2, v0, v1, v2, v3);
        let a3 = load_source(at3, channel4);
        c3_0 = accumulate(c3_0, a3, w0, w1, w2, w3);
        c3_1 = accumulate(c3_1, a3, v0, v1, v2, v3);
        let a4 = load_source(at4, channel4);
        c4_0 = accumulate(c4_0, a4, w0, w1, w2, w3);
        c4_1 = accumulate(c4_1, a4, v0, v1, v2, v3);
        let a5 = load_source(at5, channel4);
        c5_0 = accumulate(c5_0, a5, w0, w1, w2, w3);
        c5_1 = accumulate(c5_1, a5, v0, v1, v2, v3);
        let a6 = load_source(at6, channel4);
        c6_0 = accumulate(c6_0, a6, w0, w1, w2, w3);
        c6_1 = accumulate(c6_1, a6, v0, v1, v2, v3);
        let a7 = load_source(at7, channel4);
        c7_0 = accumulate(c7_0, a7, w0, w1, w2, w3);
        c7_1 = accumulate(c7_1, a7, v0, v1, v2, v3);
      }
    }
  }
  store(row + 0u, phase, column4, c0_0);
  store(row + 0u, phase, column4 + 1u, c0_1);
  store(row + 1u, phase, column4, c1_0);
  store(row + 1u, phase, column4 + 1u, c1_1);
  store(row + 2u, phase, column4, c2_0);
  store(row + 2u, phase, column4 + 1u, c2_1);
  store(row + 3u, phase, column4, c3_0);
  store(row + 3u, phase, column4 + 1u, c3_1);
  store(row + 4u, phase, column4, c4_0);
  store(row + 4u, phase, column4 + 1u, c4_1);
  store(row + 5u, phase, column4, c5_0);
  store(row + 5u, phase, column4 + 1u, c5_1);
  store(row + 6u, phase, column4, c6_0);
  store(row + 6u, phase, column4 + 1u, c6_1);
  store(row + 7u, phase, column4, c7_0);
  store(row + 7u, phase, column4 + 1u, c7_1);
  finish(row, phase, column4, 8u);
  finish(row, phase, column4 + 1u, 8u);
}
