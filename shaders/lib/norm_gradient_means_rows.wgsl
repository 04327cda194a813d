// (mean(dŷ), mean(dŷ·x̂)) of each row, dŷ = dy · act'(x̂ · weight + bias) · weight
// Ba et al. 2016, arXiv:1607.06450, differentiated.
import lib::channels_by_one;
import lib::norm_view;

@group(0) @binding(0) var<storage, read_write> x: array<f32>; // [P, GROUP_WIDTH]
@group(0) @binding(1) var<storage, read_write> statistics: array<vec2f>; // [P]: μ, rstd
@group(0) @binding(2) var<storage, read_write> weight: array<f32>; // [GROUP_WIDTH]
@group(0) @binding(3) var<storage, read_write> bias: array<f32>; // [GROUP_WIDTH]
@group(0) @binding(4) var<storage, read_write> dy: array<f32>; // like x
@group(0) @binding(5) var<storage, read_write> means: array<vec2f>; // [P]
@group(0) @binding(6) var<uniform> sizes: Sizes;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let own_row = row_of(group, groups, lane);
  let start = start_in_row(lane);
  if (own_row >= sizes.P) { return; }
  let row = own_row * sizes.GROUP_WIDTH;
  let s = statistics[own_row];
  var sum = 0.0;
  var product = 0.0;
  for (var c = start; c < sizes.GROUP_WIDTH; c += ROW_LANES) {
    let normal = (x[row + c] - s.x) * s.y;
    let d = dy[row + c] * slope(normal * weight[c] + bias[c]) * weight[c];
    sum += d;
    product += d * normal;
  }
  let mean = vec2f(row_sum(sum, lane), row_sum(product, lane)) / f32(sizes.GROUP_WIDTH);
  if (start == 0u) { means[own_row] = mean; }
}
