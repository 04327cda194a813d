// y = activate(Aᵀ m A + bias + residual), 4 by 4 pixels of each tile
// Lavin & Gray 2015, arXiv:1509.09308, equation 13.
import lib::activation;
import lib::line;
import lib::winograd;

struct Sizes {
  IMAGES: u32,
  H: u32,
  W: u32,
  C: u32,
  TILES_Y: u32,
  TILES_X: u32,
  STEP: u32, // elements of one point
}

override WHOLE_TILES: bool = false; // tiles divide the image
override HAS_BIAS: bool = false;
override HAS_RESIDUAL: bool = false;
override ACTIVATION: u32 = 0;

@group(0) @binding(0) var<storage, read_write> m: array<f32>; // [POINTS, IMAGES · TILES_Y · TILES_X, C]
@group(0) @binding(1) var<storage, read_write> y: array<f32>; // [IMAGES, H, W, C]
@group(0) @binding(2) var<storage, read_write> bias: array<f32>; // [C]
@group(0) @binding(3) var<storage, read_write> residual: array<f32>; // as y
@group(0) @binding(4) var<uniform> sizes: Sizes;

fn load_column(first: u32) -> Six {
  return Six(m[first], m[first + 6u * sizes.STEP], m[first + 12u * sizes.STEP], m[first + 18u * sizes.STEP], m[first + 24u * sizes.STEP], m[first + 30u * sizes.STEP]);
}

// Whether pixel (dy, dx) of a tile is in the image.
fn fits(line_y: u32, column: u32, dy: u32, dx: u32) -> bool {
  return WHOLE_TILES || (line_y + dy < sizes.H && column + dx < sizes.W);
}

// What the residual adds to four pixels of a line of a tile that begins at `at`; anything where they are not in the image.
fn residual_of(at: u32) -> vec4f {
  if (!HAS_RESIDUAL) { return vec4f(0.0); }
  return vec4f(residual[at], residual[at + sizes.C], residual[at + 2u * sizes.C], residual[at + 3u * sizes.C]);
}

// Stores what is in the image of line dy of the tile that begins at `first`; an activation follows later.
fn put_line(first: u32, line_y: u32, column: u32, dy: u32, sums: vec4f) {
  let at = first + dy * sizes.W * sizes.C;
  if (fits(line_y, column, dy, 0u)) { y[at] = sums[0]; }
  if (fits(line_y, column, dy, 1u)) { y[at + sizes.C] = sums[1]; }
  if (fits(line_y, column, dy, 2u)) { y[at + 2u * sizes.C] = sums[2]; }
  if (fits(line_y, column, dy, 3u)) { y[at + 3u * sizes.C] = sums[3]; }
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = line(group, groups) * 64u + lane;
  if (i >= sizes.STEP) { return; }
  let channel = i % sizes.C;
  let tile = i / sizes.C;
  let line_y = tile / sizes.TILES_X % sizes.TILES_Y * 4u;
  let column = tile % sizes.TILES_X * 4u;
  let image = tile / (sizes.TILES_X * sizes.TILES_Y);
  let d0 = transform_result(load_column(i + 0u * sizes.STEP));
  let d1 = transform_result(load_column(i + 1u * sizes.STEP));
  let d2 = transform_result(load_column(i + 2u * sizes.STEP));
  let d3 = transform_result(load_column(i + 3u * sizes.STEP));
  let d4 = transform_result(load_column(i + 4u * sizes.STEP));
  let d5 = transform_result(load_column(i + 5u * sizes.STEP));
  let r0 = transform_result(Six(d0[0], d1[0], d2[0], d3[0], d4[0], d5[0]));
  let r1 = transform_result(Six(d0[1], d1[1], d2[1], d3[1], d4[1], d5[1]));
  let r2 = transform_result(Six(d0[2], d1[2], d2[2], d3[2], d4[2], d5[2]));
  let r3 = transform_result(Six(d0[3], d1[3], d2[3], d3[3], d4[3], d5[3]));
  let first = ((image * sizes.H + line_y) * sizes.W + column) * sizes.C + channel;
  // What was stored could have changed what is loaded after it, so everything is loaded first.
  var bias1 = 0.0;
  if (HAS_BIAS) { bias1 = bias[channel]; }
  let q0 = residual_of(first + 0u * sizes.W * sizes.C);
  let q1 = residual_of(first + 1u * sizes.W * sizes.C);
  let q2 = residual_of(first + 2u * sizes.W * sizes.C);
  let q3 = residual_of(first + 3u * sizes.W * sizes.C);
  put_line(first, line_y, column, 0u, vec4f(r0[0], r0[1], r0[2], r0[3]) + bias1 + q0);
  put_line(first, line_y, column, 1u, vec4f(r1[0], r1[1], r1[2], r1[3]) + bias1 + q1);
  put_line(first, line_y, column, 2u, vec4f(r2[0], r2[1], r2[2], r2[3]) + bias1 + q2);
  put_line(first, line_y, column, 3u, vec4f(r3[0], r3[1], r3[2], r3[3]) + bias1 + q3);
  if (ACTIVATION == 0u) { return; }
  // In a loop of its own: unrolled 16 times it would take CPU adapters seconds to compile.
  for (var p = 0u; p < 16u; p++) {
    if (line_y + p / 4u < sizes.H && column + p % 4u < sizes.W) {
      let at = first + (p / 4u * sizes.W + p % 4u) * sizes.C;
      y[at] = activate(vec4f(y[at]), ACTIVATION).x;
    }
  }
}
