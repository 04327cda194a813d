// V = Bᵀ d B, d the 6 by 6 pixels around each tile of 4 by 4
// Lavin & Gray 2015, arXiv:1509.09308, equation 13.
import lib::line;
import lib::winograd;

struct Sizes {
  IMAGES: u32,
  H: u32,
  W: u32,
  C: u32,
  TILES_Y: u32,
  TILES_X: u32,
  TOP: u32, // zeros above the image
  LEFT: u32,
}

@group(0) @binding(0) var<storage, read_write> x: array<f32>; // [IMAGES, H, W, C]
@group(0) @binding(1) var<storage, read_write> v: array<f32>; // [POINTS, IMAGES · TILES_Y · TILES_X, C]
@group(0) @binding(2) var<uniform> sizes: Sizes;

fn load(image: u32, y: i32, column: i32, channel: u32) -> f32 {
  let inside = y >= 0 && column >= 0 && y < i32(sizes.H) && column < i32(sizes.W);
  let at = ((image * sizes.H + u32(y)) * sizes.W + u32(column)) * sizes.C + channel;
  return select(0.0, x[select(0u, at, inside)], inside);
}

fn load_column(image: u32, y: i32, column: i32, channel: u32) -> Six {
  return Six(
    load(image, y, column, channel), load(image, y + 1, column, channel), load(image, y + 2, column, channel),
    load(image, y + 3, column, channel), load(image, y + 4, column, channel), load(image, y + 5, column, channel),
  );
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = line(group, groups) * 64u + lane;
  let tiles = sizes.IMAGES * sizes.TILES_Y * sizes.TILES_X;
  if (i >= tiles * sizes.C) { return; }
  let channel = i % sizes.C;
  let tile = i / sizes.C;
  let y = i32(tile / sizes.TILES_X % sizes.TILES_Y * 4u) - i32(sizes.TOP);
  let column = i32(tile % sizes.TILES_X * 4u) - i32(sizes.LEFT);
  let image = tile / (sizes.TILES_X * sizes.TILES_Y);
  let d0 = transform_source(load_column(image, y, column + 0, channel));
  let d1 = transform_source(load_column(image, y, column + 1, channel));
  let d2 = transform_source(load_column(image, y, column + 2, channel));
  let d3 = transform_source(load_column(image, y, column + 3, channel));
  let d4 = transform_source(load_column(image, y, column + 4, channel));
  let d5 = transform_source(load_column(image, y, column + 5, channel));
  let step = tiles * sizes.C;
  let r0 = transform_source(Six(d0[0], d1[0], d2[0], d3[0], d4[0], d5[0]));
  v[i + 0u * step] = r0[0];
  v[i + 1u * step] = r0[1];
  v[i + 2u * step] = r0[2];
  v[i + 3u * step] = r0[3];
  v[i + 4u * step] = r0[4];
  v[i + 5u * step] = r0[5];
  let r1 = transform_source(Six(d0[1], d1[1], d2[1], d3[1], d4[1], d5[1]));
  v[i + 6u * step] = r1[0];
  v[i + 7u * step] = r1[1];
  v[i + 8u * step] = r1[2];
  v[i + 9u * step] = r1[3];
  v[i + 10u * step] = r1[4];
  v[i + 11u * step] = r1[5];
  let r2 = transform_source(Six(d0[2], d1[2], d2[2], d3[2], d4[2], d5[2]));
  v[i + 12u * step] = r2[0];
  v[i + 13u * step] = r2[1];
  v[i + 14u * step] = r2[2];
  v[i + 15u * step] = r2[3];
  v[i + 16u * step] = r2[4];
  v[i + 17u * step] = r2[5];
  let r3 = transform_source(Six(d0[3], d1[3], d2[3], d3[3], d4[3], d5[3]));
  v[i + 18u * step] = r3[0];
  v[i + 19u * step] = r3[1];
  v[i + 20u * step] = r3[2];
  v[i + 21u * step] = r3[3];
  v[i + 22u * step] = r3[4];
  v[i + 23u * step] = r3[5];
  let r4 = transform_source(Six(d0[4], d1[4], d2[4], d3[4], d4[4], d5[4]));
  v[i + 24u * step] = r4[0];
  v[i + 25u * step] = r4[1];
  v[i + 26u * step] = r4[2];
  v[i + 27u * step] = r4[3];
  v[i + 28u * step] = r4[4];
  v[i + 29u * step] = r4[5];
  let r5 = transform_source(Six(d0[5], d1[5], d2[5], d3[5], d4[5], d5[5]));
  v[i + 30u * step] = r5[0];
  v[i + 31u * step] = r5[1];
  v[i + 32u * step] = r5[2];
  v[i + 33u * step] = r5[3];
  v[i + 34u * step] = r5[4];
  v[i + 35u * step] = r5[5];
}
