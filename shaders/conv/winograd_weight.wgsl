// U = G g Gᵀ, of the filters turned by 180° when ROTATED
// Lavin & Gray 2015, arXiv:1509.09308, equation 13; turned filters make the gradient by the input.
import lib::line;
import lib::winograd;

override COUNT: u32; // filters, ci · co; a multiple of 4
override ROTATED: bool = false;

@group(0) @binding(0) var<storage, read_write> g: array<vec4f>; // [3, 3, COUNT]
@group(0) @binding(1) var<storage, read_write> u: array<vec4f>; // [POINTS, COUNT]

fn load(y: u32, x: u32, i: u32) -> vec4f {
  return g[select(y * 3u + x, 8u - y * 3u - x, ROTATED) * (COUNT / 4u) + i];
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = line(group, groups) * 64u + lane;
  if (i >= COUNT / 4u) { return; }
  let d0 = transform_weight(Three(load(0u, 0u, i), load(1u, 0u, i), load(2u, 0u, i)));
  let d1 = transform_weight(Three(load(0u, 1u, i), load(1u, 1u, i), load(2u, 1u, i)));
  let d2 = transform_weight(Three(load(0u, 2u, i), load(1u, 2u, i), load(2u, 2u, i)));
  let r0 = transform_weight(Three(d0[0], d1[0], d2[0]));
  u[i + 0u * (COUNT / 4u)] = r0[0];
  u[i + 1u * (COUNT / 4u)] = r0[1];
  u[i + 2u * (COUNT / 4u)] = r0[2];
  u[i + 3u * (COUNT / 4u)] = r0[3];
  u[i + 4u * (COUNT / 4u)] = r0[4];
  u[i + 5u * (COUNT / 4u)] = r0[5];
  let r1 = transform_weight(Three(d0[1], d1[1], d2[1]));
  u[i + 6u * (COUNT / 4u)] = r1[0];
  u[i + 7u * (COUNT / 4u)] = r1[1];
  u[i + 8u * (COUNT / 4u)] = r1[2];
  u[i + 9u * (COUNT / 4u)] = r1[3];
  u[i + 10u * (COUNT / 4u)] = r1[4];
  u[i + 11u * (COUNT / 4u)] = r1[5];
  let r2 = transform_weight(Three(d0[2], d1[2], d2[2]));
  u[i + 12u * (COUNT / 4u)] = r2[0];
  u[i + 13u * (COUNT / 4u)] = r2[1];
  u[i + 14u * (COUNT / 4u)] = r2[2];
  u[i + 15u * (COUNT / 4u)] = r2[3];
  u[i + 16u * (COUNT / 4u)] = r2[4];
  u[i + 17u * (COUNT / 4u)] = r2[5];
  let r3 = transform_weight(Three(d0[3], d1[3], d2[3]));
  u[i + 18u * (COUNT / 4u)] = r3[0];
  u[i + 19u * (COUNT / 4u)] = r3[1];
  u[i + 20u * (COUNT / 4u)] = r3[2];
  u[i + 21u * (COUNT / 4u)] = r3[3];
  u[i + 22u * (COUNT / 4u)] = r3[4];
  u[i + 23u * (COUNT / 4u)] = r3[5];
  let r4 = transform_weight(Three(d0[4], d1[4], d2[4]));
  u[i + 24u * (COUNT / 4u)] = r4[0];
  u[i + 25u * (COUNT / 4u)] = r4[1];
  u[i + 26u * (COUNT / 4u)] = r4[2];
  u[i + 27u * (COUNT / 4u)] = r4[3];
  u[i + 28u * (COUNT / 4u)] = r4[4];
  u[i + 29u * (COUNT / 4u)] = r4[5];
  let r5 = transform_weight(Three(d0[5], d1[5], d2[5]));
  u[i + 30u * (COUNT / 4u)] = r5[0];
  u[i + 31u * (COUNT / 4u)] = r5[1];
  u[i + 32u * (COUNT / 4u)] = r5[2];
  u[i + 33u * (COUNT / 4u)] = r5[3];
  u[i + 34u * (COUNT / 4u)] = r5[4];
  u[i + 35u * (COUNT / 4u)] = r5[5];
}
