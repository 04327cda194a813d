// y = act((x − μ) · rstd · weight + bias)
// Wu & He 2018, arXiv:1803.08494, equations 1 and 6; the activation rides along.
import lib::norm_view;

@group(0) @binding(0) var<storage, read_write> x: array<Channels>; // [P, Q, G·GROUP_WIDTH]
@group(0) @binding(1) var<storage, read_write> statistics: array<vec2f>; // [P, G]: μ, rstd
@group(0) @binding(2) var<storage, read_write> weight: array<Channels>; // [G·GROUP_WIDTH]
@group(0) @binding(3) var<storage, read_write> bias: array<Channels>; // [G·GROUP_WIDTH]
@group(0) @binding(4) var<storage, read_write> y: array<Channels>; // like x
@group(0) @binding(5) var<uniform> sizes: Sizes;

// μ and rstd of each channel.
fn statistics_of(at: vec4u) -> array<Channels, 2> {
  return spread(statistics[at.x], statistics[at.y], statistics[at.z], statistics[at.w]);
}

@compute @workgroup_size(LANES_X, LANES_Y)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let block = block_of(group, groups, local);
  if (!block.inside) { return; }
  let channel = block.column * CHANNEL_WIDTH;
  let w = weight[block.column];
  let b = bias[block.column];
  let s = statistics_of(block.p * sizes.G + groups_of(channel));
  for (var row = block.begin; row < block.end; row++) {
    let at = row * columns() + block.column;
    if (ROWWISE) {
      let own = statistics[row];
      y[at] = activated((x[at] - own.x) * own.y * w + b);
    } else {
      y[at] = activated((x[at] - s[0]) * s[1] * w + b);
    }
  }
}
