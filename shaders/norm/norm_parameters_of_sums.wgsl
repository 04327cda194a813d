// dweight = Σ_p sums[p, 1], dbias = Σ_p sums[p, 0]
// One invocation a channel, in a fixed order.
override P: u32;
override WIDTH: u32; // channels

@group(0) @binding(0) var<storage, read_write> sums: array<f32>; // [P, 2, WIDTH]
@group(0) @binding(1) var<storage, read_write> dweight: array<f32>; // [WIDTH]
@group(0) @binding(2) var<storage, read_write> dbias: array<f32>; // [WIDTH]

@compute @workgroup_size(16)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= WIDTH) { return; }
  var weight = 0.0;
  var bias = 0.0;
  for (var p = 0u; p < P; p++) {
    bias += sums[2u * p * WIDTH + id.x];
    weight += sums[(2u * p + 1u) * WIDTH + id.x];
  }
  dweight[id.x] = weight;
  dbias[id.x] = bias;
}
