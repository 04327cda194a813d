// (Σ_b e, Σ_b e·x̂) of each channel over each block b of rows, e = dy · act'(x̂ · weight + bias)
// Ioffe & Szegedy 2015, arXiv:1502.03167, the sums of the backward pass.
import lib::norm_view;

@group(0) @binding(0) var<storage, read_write> x: array<Channels>; // [P, Q, G·GROUP_WIDTH]
@group(0) @binding(1) var<storage, read_write> statistics: array<vec2f>; // [P, G]: μ, rstd
@group(0) @binding(2) var<storage, read_write> weight: array<Channels>; // [G·GROUP_WIDTH]
@group(0) @binding(3) var<storage, read_write> bias: array<Channels>; // [G·GROUP_WIDTH]
@group(0) @binding(4) var<storage, read_write> dy: array<Channels>; // like x
@group(0) @binding(5) var<storage, read_write> partials: array<Channels>; // [P·BLOCKS, 2, G·GROUP_WIDTH]
@group(0) @binding(6) var<uniform> sizes: Sizes;

// μ and rstd of each channel.
fn statistics_of(at: vec4u) -> array<Channels, 2> {
  return spread(statistics[at.x], statistics[at.y], statistics[at.z], statistics[at.w]);
}

@compute @workgroup_size(LANES_X, LANES_Y)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let block = block_of(group, groups, local);
  if (!block.inside) { return; }
  let w = weight[block.column];
  let b = bias[block.column];
  let s = statistics_of(block.p * sizes.G + groups_of(block.column * CHANNEL_WIDTH));
  var sum = Channels(0.0);
  var product = Channels(0.0);
  for (var row = block.begin; row < block.end; row++) {
    let at = row * columns() + block.column;
    var normal: Channels;
    if (ROWWISE) {
      let own = statistics[row];
      normal = (x[at] - own.x) * own.y;
    } else {
      normal = (x[at] - s[0]) * s[1];
    }
    let e = dy[at] * slope(normal * w + b);
    sum += e;
    product += e * normal;
  }
  partials[block.index * 2u * columns() + block.column] = sum;
  partials[(block.index * 2u + 1u) * columns() + block.column] = product;
}
