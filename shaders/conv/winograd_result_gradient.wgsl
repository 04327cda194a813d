// W = A dy Aᵀ, from 4 by 4 pixels of each tile
// The transpose of winograd_result.wgsl (Lavin & Gray 2015, arXiv:1509.09308, equation 13).
import lib::line;
import lib::winograd;

struct Sizes {
  IMAGES: u32,
  H: u32,
  W: u32,
  C: u32,
  TILES_Y: u32,
  TILES_X: u32,
}

@group(0) @binding(0) var<storage, read_write> dy: array<f32>; // [IMAGES, H, W, C]
@group(0) @binding(1) var<storage, read_write> dm: array<f32>; // [POINTS, IMAGES · TILES_Y · TILES_X, C]
@group(0) @binding(2) var<uniform> sizes: Sizes;

fn load(image: u32, y: u32, column: u32, channel: u32) -> f32 {
  let inside = y < sizes.H && column < sizes.W;
  let at = ((image * sizes.H + y) * sizes.W + column) * sizes.C + channel;
  return select(0.0, dy[select(0u, at, inside)], inside);
}

fn load_column(image: u32, y: u32, column: u32, channel: u32) -> Four {
  return Four(
    load(image, y, column, channel), load(image, y + 1u, column, channel),
    load(image, y + 2u, column, channel), load(image, y + 3u, column, channel),
  );
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = line(group, groups) * 64u + lane;
  let tiles = sizes.IMAGES * sizes.TILES_Y * sizes.TILES_X;
  if (i >= tiles * sizes.C) { return; }
  let channel = i % sizes.C;
  let tile = i / sizes.C;
  let y = tile / sizes.TILES_X % sizes.TILES_Y * 4u;
  let column = tile % sizes.TILES_X * 4u;
  let image = tile / (sizes.TILES_X * sizes.TILES_Y);
  let d0 = transform_result_gradient(load_column(image, y, column + 0u, channel));
  let d1 = transform_result_gradient(load_column(image, y, column + 1u, channel));
  let d2 = transform_result_gradient(load_column(image, y, column + 2u, channel));
  let d3 = transform_result_gradient(load_column(image, y, column + 3u, channel));
  let step = tiles * sizes.C;
  let r0 = transform_result_gradient(Four(d0[0], d1[0], d2[0], d3[0]));
  dm[i + 0u * step] = r0[0];
  dm[i + 1u * step] = r0[1];
  dm[i + 2u * step] = r0[2];
  dm[i + 3u * step] = r0[3];
  dm[i + 4u * step] = r0[4];
  dm[i + 5u * step] = r0[5];
  let r1 = transform_result_gradient(Four(d0[1], d1[1], d2[1], d3[1]));
  dm[i + 6u * step] = r1[0];
  dm[i + 7u * step] = r1[1];
  dm[i + 8u * step] = r1[2];
  dm[i + 9u * step] = r1[3];
  dm[i + 10u * step] = r1[4];
  dm[i + 11u * step] = r1[5];
  let r2 = transform_result_gradient(Four(d0[2], d1[2], d2[2], d3[2]));
  dm[i + 12u * step] = r2[0];
  dm[i + 13u * step] = r2[1];
  dm[i + 14u * step] = r2[2];
  dm[i + 15u * step] = r2[3];
  dm[i + 16u * step] = r2[4];
  dm[i + 17u * step] = r2[5];
  let r3 = transform_result_gradient(Four(d0[3], d1[3], d2[3], d3[3]));
  dm[i + 18u * step] = r3[0];
  dm[i + 19u * step] = r3[1];
  dm[i + 20u * step] = r3[2];
  dm[i + 21u * step] = r3[3];
  dm[i + 22u * step] = r3[4];
  dm[i + 23u * step] = r3[5];
  let r4 = transform_result_gradient(Four(d0[4], d1[4], d2[4], d3[4]));
  dm[i + 24u * step] = r4[0];
  dm[i + 25u * step] = r4[1];
  dm[i + 26u * step] = r4[2];
  dm[i + 27u * step] = r4[3];
  dm[i + 28u * step] = r4[4];
  dm[i + 29u * step] = r4[5];
  let r5 = transform_result_gradient(Four(d0[5], d1[5], d2[5], d3[5]));
  dm[i + 30u * step] = r5[0];
  dm[i + 31u * step] = r5[1];
  dm[i + 32u * step] = r5[2];
  dm[i + 33u * step] = r5[3];
  dm[i + 34u * step] = r5[4];
  dm[i + 35u * step] = r5[5];
}
