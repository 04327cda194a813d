// dw[k, i, o] = Σ_p x[STRIDE·p + k − pad, i] dy[p, o], 8 rows (of taps and input channels) by 8 output channels an invocation
// Implicit product (Chetlur et al. 2014, arXiv:1410.0759) on the scheme of gemm/gemm_register.wgsl: terms are pixels.
import lib::conv_weight_gradient_problem;

// How a workgroup's 16 invocations lie over the result: in fewer columns where it has few channels.
override LANES_X: u32 = 4;
override LANES_Y: u32 = 4;

@compute @workgroup_size(LANES_X, LANES_Y)
fn main(@builtin(workgroup_id) tile: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let row = (tile.y * LANES_Y + local.y) * 8u;
  let column4 = (tile.x * LANES_X + local.x) * 2u;
  let inside0 = min(column4, sizes.CO / 4u - 1u);
  let inside1 = min(column4 + 1u, sizes.CO / 4u - 1u);
  let tap0 = tap_of(min(row / 4u, sizes.ROWS4 - 1u));
  let tap1 = tap_of(min(row / 4u + 1u, sizes.ROWS4 - 1u));
  let end = min((tile.z + 1u) * sizes.SPLIT_LINES, sizes.IMAGES * sizes.OH);
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
  for (var line = tile.z * sizes.SPLIT_LINES; line < end; line++) {
    let place = line_of(line);
    for (var column = 0u; column < sizes.OW; column++) {
      let b0 = load_dy(line, column, inside0);
      let b1 = load_dy(line, column, inside1);
      let a0 = load_x(tap0, place, column);
      let a1 = load_x(tap1, place, column);
      c0_0 += a0.x * b0;
      c0_1 += a0.x * b1;
      c1_0 += a0.y * b0;
      c1_1 += a0.y * b1;
      c2_0 += a0.z * b0;
      c2_1 += a0.z * b1;
      c3_0 += a0.w * b0;
      c3_1 += a0.w * b1;
      c4_0 += a1.x * b0;
      c4_1 += a1.x * b1;
      c5_0 += a1.y * b0;
      c5_1 += a1.y * b1;
      c6_0 += a1.z * b0;
      c6_1 += a1.z * b1;
      c7_0 += a1.w * b0;
      c7_1 += a1.w * b1;
    }
  }
  store(tile.z, row + 0u, column4, c0_0);
  store(tile.z, row + 0u, column4 + 1u, c0_1);
  store(tile.z, row + 1u, column4, c1_0);
  store(tile.z, row + 1u, column4 + 1u, c1_1);
  store(tile.z, row + 2u, column4, c2_0);
  store(tile.z, row + 2u, column4 + 1u, c2_1);
  store(tile.z, row + 3u, column4, c3_0);
  store(tile.z, row + 3u, column4 + 1u, c3_1);
  store(tile.z, row + 4u, column4, c4_0);
  store(tile.z, row + 4u, column4 + 1u, c4_1);
  store(tile.z, row + 5u, column4, c5_0);
  store(tile.z, row + 5u, column4 + 1u, c5_1);
  store(tile.z, row + 6u, column4, c6_0);
  store(tile.z, row + 6u, column4 + 1u, c6_1);
  store(tile.z, row + 7u, column4, c7_0);
  store(tile.z, row + 7u, column4 + 1u, c7_1);
}
