// y[p, o] = Σ w[k, i, o] x[STRIDE·p + k − pad, i], and its gradient by x when INPUT_GRADIENT
// Implicit product (Chetlur et al. 2014, arXiv:1410.0759) on the scheme of gemm/gemm_subgroup.wgsl: rows are pixels.
enable subgroups;
import lib::conv_problem;

// One subgroup of 8 makes 16 pixels by 32 channels: lane l loads pixels l and l + 8, and keeps channels 4l to 4l + 3.
@compute @workgroup_size(8)
fn main(@builtin(workgroup_id) tile: vec3u, @builtin(local_invocation_index) lane: u32) {
  let phase = tile.z;
  let row = sizes.ROW_BEGIN + tile.y * 16u;
  let column4 = tile.x * 8u + lane;
  let inside4 = min(column4, sizes.TARGET_C / 4u - 1u);
  let pixel0 = pixel_of(min(row + lane, sizes.ROWS - 1u), phase);
  let pixel1 = pixel_of(min(row + 8u + lane, sizes.ROWS - 1u), phase);
  let first = first_tap(phase);
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
  for (var tap_y = first.x; tap_y < KH; tap_y += PHASES) {
    for (var tap_x = first.y; tap_x < KW; tap_x += PHASES) {
      let tap = tap_y * KW + tap_x;
      let at0 = source_at(pixel0, tap_y, tap_x);
      let at1 = source_at(pixel1, tap_y, tap_x);
      for (var channel4 = 0u; channel4 < sizes.SOURCE_C / 4u; channel4++) {
        let w0 = load_weight(tap, channel4, inside4, 0u);
        let w1 = load_weight(tap, channel4, inside4, 1u);
        let w2 = load_weight(tap, channel4, inside4, 2u);
        let w3 = load_weight(tap, channel4, inside4, 3u);
        let a0 = load_source(at0, channel4);
        let a1 = load_source(at1, channel4);
        c0 = accumulate(c0, subgroupBroadcast(a0, 0u), w0, w1, w2, w3);
        c1 = accumulate(c1, subgroupBroadcast(a0, 1u), w0, w1, w2, w3);
        c2 = accumulate(c2, subgroupBroadcast(a0, 2u), w0, w1, w2, w3);
        c3 = accumulate(c3, subgroupBroadcast(a0, 3u), w0, w1, w2, w3);
        c4 = accumulate(c4, subgroupBroadcast(a0, 4u), w0, w1, w2, w3);
        c5 = accumulate(c5, subgroupBroadcast(a0, 5u), w0, w1, w2, w3);
        c6 = accumulate(c6, subgroupBroadcast(a0, 6u), w0, w1, w2, w3);
        c7 = accumulate(c7, subgroupBroadcast(a0, 7u), w0, w1, w2, w3);
        c8 = accumulate(c8, subgroupBroadcast(a1, 0u), w0, w1, w2, w3);
        c9 = accumulate(c9, subgroupBroadcast(a1, 1u), w0, w1, w2, w3);
        c10 = accumulate(c10, subgroupBroadcast(a1, 2u), w0, w1, w2, w3);
        c11 = accumulate(c11, subgroupBroadcast(a1, 3u), w0, w1, w2, w3);
        c12 = accumulate(c12, subgroupBroadcast(a1, 4u), w0, w1, w2, w3);
        c13 = accumulate(c13, subgroupBroadcast(a1, 5u), w0, w1, w2, w3);
        c14 = accumulate(c14, subgroupBroadcast(a1, 6u), w0, w1, w2, w3);
        c15 = accumulate(c15, subgroupBroadcast(a1, 7u), w0, w1, w2, w3);
      }
    }
  }
  store(row + 0u, phase, column4, c0);
  store(row + 1u, phase, column4, c1);
  store(row + 2u, phase, column4, c2);
  store(row + 3u, phase, column4, c3);
  store(row + 4u, phase, column4, c4);
  store(row + 5u, phase, column4, c5);
  store(row + 6u, phase, column4, c6);
  store(row + 7u, phase, column4, c7);
  store(row + 8u, phase, column4, c8);
  store(row + 9u, phase, column4, c9);
  store(row + 10u, phase, column4, c10);
  store(row + 11u, phase, column4, c11);
  store(row + 12u, phase, column4, c12);
  store(row + 13u, phase, column4, c13);
  store(row + 14u, phase, column4, c14);
  store(row + 15u, phase, column4, c15);
  finish(row, phase, column4, 16u);
}
