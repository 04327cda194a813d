// dg = Gᵀ dU G
// The transpose of winograd_weight.wgsl (Lavin & Gray 2015, arXiv:1509.09308, equation 13).
import lib::line;
import lib::winograd;

struct Sizes {
  COUNT: u32, // filters, ci · co
}

@group(0) @binding(0) var<storage, read_write> du: array<f32>; // [POINTS, COUNT]
@group(0) @binding(1) var<storage, read_write> dg: array<f32>; // [3, 3, COUNT]
@group(0) @binding(2) var<uniform> sizes: Sizes;

fn load_column(first: u32) -> Six {
  return Six(du[first], du[first + 6u * sizes.COUNT], du[first + 12u * sizes.COUNT], du[first + 18u * sizes.COUNT], du[first + 24u * sizes.COUNT], du[first + 30u * sizes.COUNT]);
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = line(group, groups) * 64u + lane;
  if (i >= sizes.COUNT) { return; }
  let d0 = transform_weight_gradient(load_column(i + 0u * sizes.COUNT));
  let d1 = transform_weight_gradient(load_column(i + 1u * sizes.COUNT));
  let d2 = transform_weight_gradient(load_column(i + 2u * sizes.COUNT));
  let d3 = transform_weight_gradient(load_column(i + 3u * sizes.COUNT));
  let d4 = transform_weight_gradient(load_column(i + 4u * sizes.COUNT));
  let d5 = transform_weight_gradient(load_column(i + 5u * sizes.COUNT));
  let r0 = transform_weight_gradient(Six(d0[0], d1[0], d2[0], d3[0], d4[0], d5[0]));
  dg[i + 0u * sizes.COUNT] = r0[0];
  dg[i + 1u * sizes.COUNT] = r0[1];
  dg[i + 2u * sizes.COUNT] = r0[2];
  let r1 = transform_weight_gradient(Six(d0[1], d1[1], d2[1], d3[1], d4[1], d5[1]));
  dg[i + 3u * sizes.COUNT] = r1[0];
  dg[i + 4u * sizes.COUNT] = r1[1];
  dg[i + 5u * sizes.COUNT] = r1[2];
  let r2 = transform_weight_gradient(Six(d0[2], d1[2], d2[2], d3[2], d4[2], d5[2]));
  dg[i + 6u * sizes.COUNT] = r2[0];
  dg[i + 7u * sizes.COUNT] = r2[1];
  dg[i + 8u * sizes.COUNT] = r2[2];
}
