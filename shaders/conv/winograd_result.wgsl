// y = activate(Aᵀ m A + bias + residual), 4 by 4 pixels of each tile
// Lavin & Gray 2015, arXiv:1509.09308, equation 13.
import lib::activation;
import lib::line;
import lib::winograd;

override IMAGES: u32;
override H: u32;
override W: u32;
override C: u32;
override TILES_Y: u32;
override TILES_X: u32;
override HAS_BIAS: bool = false;
override HAS_RESIDUAL: bool = false;
override ACTIVATION: u32 = 0;

@group(0) @binding(0) var<storage, read_write> m: array<f32>; // [POINTS, IMAGES · TILES_Y · TILES_X, C]
@group(0) @binding(1) var<storage, read_write> y: array<f32>; // [IMAGES, H, W, C]
@group(0) @binding(2) var<storage, read_write> bias: array<f32>; // [C]
@group(0) @binding(3) var<storage, read_write> residual: array<f32>; // as y

override STEP: u32 = IMAGES * TILES_Y * TILES_X * C;

fn load_column(first: u32) -> Six {
  return Six(m[first], m[first + 6u * STEP], m[first + 12u * STEP], m[first + 18u * STEP], m[first + 24u * STEP], m[first + 30u * STEP]);
}

// Whether a pixel of a tile is in the image; known at once where tiles divide the image.
fn fits(offset: u32, start: u32, size: u32) -> bool {
  return size % 4u == 0u || start + offset < size;
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = line(group, groups) * 64u + lane;
  if (i >= STEP) { return; }
  let channel = i % C;
  let tile = i / C;
  let line_y = tile / TILES_X % TILES_Y * 4u;
  let column = tile % TILES_X * 4u;
  let image = tile / (TILES_X * TILES_Y);
  let d0 = transform_result(load_column(i + 0u * STEP));
  let d1 = transform_result(load_column(i + 1u * STEP));
  let d2 = transform_result(load_column(i + 2u * STEP));
  let d3 = transform_result(load_column(i + 3u * STEP));
  let d4 = transform_result(load_column(i + 4u * STEP));
  let d5 = transform_result(load_column(i + 5u * STEP));
  let r0 = transform_result(Six(d0[0], d1[0], d2[0], d3[0], d4[0], d5[0]));
  let r1 = transform_result(Six(d0[1], d1[1], d2[1], d3[1], d4[1], d5[1]));
  let r2 = transform_result(Six(d0[2], d1[2], d2[2], d3[2], d4[2], d5[2]));
  let r3 = transform_result(Six(d0[3], d1[3], d2[3], d3[3], d4[3], d5[3]));
  let first = ((image * H + line_y) * W + column) * C + channel;
  y[first] = r0[0];
  if (fits(1u, column, W)) { y[first + (0u * W + 1u) * C] = r0[1]; }
  if (fits(2u, column, W)) { y[first + (0u * W + 2u) * C] = r0[2]; }
  if (fits(3u, column, W)) { y[first + (0u * W + 3u) * C] = r0[3]; }
  if (fits(1u, line_y, H)) { y[first + (1u * W + 0u) * C] = r1[0]; }
  if (fits(1u, line_y, H) && fits(1u, column, W)) { y[first + (1u * W + 1u) * C] = r1[1]; }
  if (fits(1u, line_y, H) && fits(2u, column, W)) { y[first + (1u * W + 2u) * C] = r1[2]; }
  if (fits(1u, line_y, H) && fits(3u, column, W)) { y[first + (1u * W + 3u) * C] = r1[3]; }
  if (fits(2u, line_y, H)) { y[first + (2u * W + 0u) * C] = r2[0]; }
  if (fits(2u, line_y, H) && fits(1u, column, W)) { y[first + (2u * W + 1u) * C] = r2[1]; }
  if (fits(2u, line_y, H) && fits(2u, column, W)) { y[first + (2u * W + 2u) * C] = r2[2]; }
  if (fits(2u, line_y, H) && fits(3u, column, W)) { y[first + (2u * W + 3u) * C] = r2[3]; }
  if (fits(3u, line_y, H)) { y[first + (3u * W + 0u) * C] = r3[0]; }
  if (fits(3u, line_y, H) && fits(1u, column, W)) { y[first + (3u * W + 1u) * C] = r3[1]; }
  if (fits(3u, line_y, H) && fits(2u, column, W)) { y[first + (3u * W + 2u) * C] = r3[2]; }
  if (fits(3u, line_y, H) && fits(3u, column, W)) { y[first + (3u * W + 3u) * C] = r3[3]; }
  if (!HAS_BIAS && !HAS_RESIDUAL && ACTIVATION == 0u) { return; }
  // In a loop of its own: unrolled 16 times it would take CPU adapters seconds to compile.
  for (var p = 0u; p < 16u; p++) {
    if (line_y + p / 4u < H && column + p % 4u < W) {
      let at = first + (p / 4u * W + p % 4u) * C;
      var value = y[at];
      if (HAS_BIAS) { value += bias[channel]; }
      if (HAS_RESIDUAL) { value += residual[at]; }
      y[at] = activate(vec4f(value), ACTIVATION).x;
    }
  }
}
