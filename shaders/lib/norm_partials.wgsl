// (μ_b, Σ_b (x − μ_b)²) of each channel over each block b of rows
// Shifted by the block's first row, so that a large mean costs no digits (Chan, Golub & LeVeque 1983).
import lib::norm_view;

@group(0) @binding(0) var<storage, read_write> x: array<Channels>; // [P, Q, G·GROUP_WIDTH]
@group(0) @binding(1) var<storage, read_write> partials: array<Channels>; // [P·BLOCKS, 2, G·GROUP_WIDTH]
@group(0) @binding(2) var<uniform> sizes: Sizes;

@compute @workgroup_size(LANES_X, LANES_Y)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let block = block_of(group, groups, local);
  if (!block.inside) { return; }
  let origin = x[block.begin * columns() + block.column];
  var sum = Channels(0.0);
  var squares = Channels(0.0);
  for (var row = block.begin + 1u; row < block.end; row++) {
    let d = x[row * columns() + block.column] - origin;
    sum += d;
    squares += d * d;
  }
  let mean = sum / f32(block.end - block.begin);
  let about_mean = squares - sum * mean;
  partials[block.index * 2u * columns() + block.column] = origin + mean;
  partials[(block.index * 2u + 1u) * columns() + block.column] = select(about_mean, Channels(0.0), about_mean <= Channels(0.0)); // keeps NaN
}
