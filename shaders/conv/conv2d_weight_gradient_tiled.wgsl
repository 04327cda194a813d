// dw[k, i, o] = Σ_p x[STRIDE·p + k − pad, i] dy[p, o], tiles of 64 rows (of taps and input channels) by 64 output channels
// Implicit product (Chetlur et al. 2014, arXiv:1410.0759) on the scheme of gemm/gemm_tiled.wgsl: terms are pixels.
import lib::conv_weight_gradient_problem;

const TILE4: u32 = 16;
const DEPTH: u32 = 16; // pixels at a time, counted through all lines of a part

var<workgroup> patches: array<vec4f, 256>; // [DEPTH, TILE4]
var<workgroup> gradients: array<vec4f, 256>; // [DEPTH, TILE4]

@compute @workgroup_size(16, 16)
fn main(@builtin(workgroup_id) tile: vec3u, @builtin(local_invocation_id) local: vec3u, @builtin(local_invocation_index) lane: u32) {
  let tap = tap_of(min(tile.y * TILE4 + local.x, sizes.ROWS4 - 1u));
  let column4 = tile.x * TILE4 + local.x;
  let inside4 = min(column4, sizes.CO / 4u - 1u);
  let begin = tile.z * sizes.SPLIT_LINES * sizes.OW;
  let end = min((tile.z + 1u) * sizes.SPLIT_LINES, sizes.IMAGES * sizes.OH) * sizes.OW;
  var c0 = vec4f(0.0);
  var c1 = vec4f(0.0);
  var c2 = vec4f(0.0);
  var c3 = vec4f(0.0);
  for (var pixel = begin; pixel < end; pixel += DEPTH) {
    let mine = min(pixel + local.y, end - 1u);
    let live = pixel + local.y < end;
    patches[lane] = select(vec4f(0.0), load_x(tap, line_of(mine / sizes.OW), mine % sizes.OW), live);
    gradients[lane] = load_dy(mine / sizes.OW, mine % sizes.OW, inside4);
    workgroupBarrier();
    for (var depth = 0u; depth < DEPTH; depth++) {
      let p = patches[depth * TILE4 + local.y];
      let g = gradients[depth * TILE4 + local.x];
      c0 = fma(vec4f(p.x), g, c0);
      c1 = fma(vec4f(p.y), g, c1);
      c2 = fma(vec4f(p.z), g, c2);
      c3 = fma(vec4f(p.w), g, c3);
    }
    workgroupBarrier();
  }
  let row = tile.y * 64u + local.y * 4u;
  store(tile.z, row, column4, c0);
  store(tile.z, row + 1u, column4, c1);
  store(tile.z, row + 2u, column4, c2);
  store(tile.z, row + 3u, column4, c3);
}
