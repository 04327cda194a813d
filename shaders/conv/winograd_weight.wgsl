// U = G g Gᵀ, of the filters turned by 180° when ROTATED
// Lavin & Gray 2015, arXiv:1509.09308, equation 13; turned filters make the gradient by the input.
import lib::line;
import lib::winograd;

struct Sizes {
  COUNT: u32, // filters, ci · co
}

override ROTATED: bool = false;

@group(0) @binding(0) var<storage, read_write> g: array<f32>; // [3, 3, COUNT]
@group(0) @binding(1) var<storage, read_write> u: array<f32>; // [POINTS, COUNT]
@group(0) @binding(2) var<uniform> sizes: Sizes;

fn load(y: u32, x: u32, i: u32) -> f32 {
  return g[select(y * 3u + x, 8u - y * 3u - x, ROTATED) * sizes.COUNT + i];
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = line(group, groups) * 64u + lane;
  if (i >= sizes.COUNT) { return; }
  let d0 = transform_weight(Three(load(0u, 0u, i), load(1u, 0u, i), load(2u, 0u, i)));
  let d1 = transform_weight(Three(load(0u, 1u, i), load(1u, 1u, i), load(2u, 1u, i)));
  let d2 = transform_weight(Three(load(0u, 2u, i), load(1u, 2u, i), load(2u, 2u, i)));
  let r0 = transform_weight(Three(d0[0], d1[0], d2[0]));
  u[i + 0u * sizes.COUNT] = r0[0];
  u[i + 1u * sizes.COUNT] = r0[1];
  u[i + 2u * sizes.COUNT] = r0[2];
  u[i + 3u * sizes.COUNT] = r0[3];
  u[i + 4u * sizes.COUNT] = r0[4];
  u[i + 5u * sizes.COUNT] = r0[5];
  let r1 = transform_weight(Three(d0[1], d1[1], d2[1]));
  u[i + 6u * sizes.COUNT] = r1[0];
  u[i + 7u * sizes.COUNT] = r1[1];
  u[i + 8u * sizes.COUNT] = r1[2];
  u[i + 9u * sizes.COUNT] = r1[3];
  u[i + 10u * sizes.COUNT] = r1[4];
  u[i + 11u * sizes.COUNT] = r1[5];
  let r2 = transform_weight(Three(d0[2], d1[2], d2[2]));
  u[i + 12u * sizes.COUNT] = r2[0];
  u[i + 13u * sizes.COUNT] = r2[1];
  u[i + 14u * sizes.COUNT] = r2[2];
  u[i + 15u * sizes.COUNT] = r2[3];
  u[i + 16u * sizes.COUNT] = r2[4];
  u[i + 17u * sizes.COUNT] = r2[5];
  let r3 = transform_weight(Three(d0[3], d1[3], d2[3]));
  u[i + 18u * sizes.COUNT] = r3[0];
  u[i + 19u * sizes.COUNT] = r3[1];
  u[i + 20u * sizes.COUNT] = r3[2];
  u[i + 21u * sizes.COUNT] = r3[3];
  u[i + 22u * sizes.COUNT] = r3[4];
  u[i + 23u * sizes.COUNT] = r3[5];
  let r4 = transform_weight(Three(d0[4], d1[4], d2[4]));
  u[i + 24u * sizes.COUNT] = r4[0];
  u[i + 25u * sizes.COUNT] = r4[1];
  u[i + 26u * sizes.COUNT] = r4[2];
  u[i + 27u * sizes.COUNT] = r4[3];
  u[i + 28u * sizes.COUNT] = r4[4];
  u[i + 29u * sizes.COUNT] = r4[5];
  let r5 = transform_weight(Three(d0[5], d1[5], d2[5]));
  u[i + 30u * sizes.COUNT] = r5[0];
  u[i + 31u * sizes.COUNT] = r5[1];
  u[i + 32u * sizes.COUNT] = r5[2];
  u[i + 33u * sizes.COUNT] = r5[3];
  u[i + 34u * sizes.COUNT] = r5[4];
  u[i + 35u * sizes.COUNT] = r5[5];
}
