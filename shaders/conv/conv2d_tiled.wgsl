// y[p, o] = Σ w[k, i, o] x[STRIDE·p + k − pad, i], and its gradient by x when INPUT_GRADIENT; tiles of 64 pixels by 64 channels
// Implicit product (Chetlur et al. 2014, arXiv:1410.0759) on the scheme of gemm/gemm_tiled.wgsl: rows are pixels.
import lib::conv_problem;

const TILE: u32 = 64;
const DEPTH: u32 = 16; // source channels of one tap at a time

var<workgroup> pixels: array<f32, 1024>; // [DEPTH, TILE]
var<workgroup> weights: array<f32, 1024>; // [DEPTH, TILE]

fn load_pixels(at: u32, row: u32, depth: u32, channel4: u32) {
  var v = vec4f(0.0);
  if (channel4 < sizes.SOURCE_C / 4u) { v = load_source(at, channel4); }
  let first = depth * TILE + row;
  pixels[first] = v.x;
  pixels[first + TILE] = v.y;
  pixels[first + 2u * TILE] = v.z;
  pixels[first + 3u * TILE] = v.w;
}

fn load_weights(tap: u32, channel: u32, column: u32, lane: u32) {
  if (INPUT_GRADIENT) {
    let j = lane / 4u;
    let depth = (lane % 4u) * 4u;
    var v = vec4f(0.0);
    if (column + j < sizes.TARGET_C && channel + depth < sizes.SOURCE_C) {
      v = load_weight(tap, (channel + depth) / 4u, (column + j) / 4u, j % 4u);
    }
    let first = depth * TILE + j;
    weights[first] = v.x;
    weights[first + TILE] = v.y;
    weights[first + 2u * TILE] = v.z;
    weights[first + 3u * TILE] = v.w;
  } else {
    let depth = lane / 16u;
    let column4 = column / 4u + lane % 16u;
    var v = vec4f(0.0);
    if (column4 < sizes.TARGET_C / 4u && channel + depth < sizes.SOURCE_C) {
      v = load_weight(tap, (channel + depth) / 4u, column4, depth % 4u);
    }
    let first = depth * TILE + (lane % 16u) * 4u;
    weights[first] = v.x;
    weights[first + 1u] = v.y;
    weights[first + 2u] = v.z;
    weights[first + 3u] = v.w;
  }
}

@compute @workgroup_size(16, 16)
fn main(@builtin(workgroup_id) tile: vec3u, @builtin(local_invocation_id) local: vec3u, @builtin(local_invocation_index) lane: u32) {
  let phase = tile.z;
  let row = sizes.ROW_BEGIN + tile.y * TILE;
  let column = tile.x * TILE;
  let pixel = pixel_of(min(row + lane / 4u, sizes.ROWS - 1u), phase);
  let first = first_tap(phase);
  var c0 = vec4f(0.0);
  var c1 = vec4f(0.0);
  var c2 = vec4f(0.0);
  var c3 = vec4f(0.0);
  for (var tap_y = first.x; tap_y < KH; tap_y += PHASES) {
    for (var tap_x = first.y; tap_x < KW; tap_x += PHASES) {
      let at = source_at(pixel, tap_y, tap_x);
      for (var channel = 0u; channel < sizes.SOURCE_C; channel += DEPTH) {
        load_pixels(at, lane / 4u, (lane % 4u) * 4u, channel / 4u + lane % 4u);
        load_weights(tap_y * KW + tap_x, channel, column, lane);
        workgroupBarrier();
        for (var depth = 0u; depth < DEPTH; depth++) {
          let p = depth * TILE + local.y * 4u;
          let w = depth * TILE + local.x * 4u;
          let v = vec4f(weights[w], weights[w + 1u], weights[w + 2u], weights[w + 3u]);
          c0 = fma(vec4f(pixels[p]), v, c0);
          c1 = fma(vec4f(pixels[p + 1u]), v, c1);
          c2 = fma(vec4f(pixels[p + 2u]), v, c2);
          c3 = fma(vec4f(pixels[p + 3u]), v, c3);
        }
        workgroupBarrier();
      }
    }
  }
  let first_row = row + local.y * 4u;
  let column4 = column / 4u + local.x;
  store(first_row, phase, column4, c0);
  store(first_row + 1u, phase, column4, c1);
  store(first_row + 2u, phase, column4, c2);
  store(first_row + 3u, phase, column4, c3);
  finish(first_row, phase, column4, 4u);
}
