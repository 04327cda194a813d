// dx = rstd · (dŷ − mean(dŷ) − x̂ · mean(dŷ·x̂)), dŷ = dy · act'(x̂ · weight + bias) · weight
// Ioffe & Szegedy 2015, arXiv:1502.03167; with FIXED statistics the means drop out.
import lib::norm_view;

override FIXED: bool = false;

@group(0) @binding(0) var<storage, read_write> x: array<Channels>; // [P, Q, G·GROUP_WIDTH]
@group(0) @binding(1) var<storage, read_write> statistics: array<vec2f>; // [P, G]: μ, rstd
@group(0) @binding(2) var<storage, read_write> weight: array<Channels>; // [G·GROUP_WIDTH]
@group(0) @binding(3) var<storage, read_write> bias: array<Channels>; // [G·GROUP_WIDTH]
@group(0) @binding(4) var<storage, read_write> dy: array<Channels>; // like x
@group(0) @binding(5) var<storage, read_write> means: array<vec2f>; // [P, G]: of dŷ and dŷ·x̂
@group(0) @binding(6) var<storage, read_write> dx: array<Channels>; // like x
@group(0) @binding(7) var<uniform> sizes: Sizes;

// μ and rstd of each channel.
fn statistics_of(at: vec4u) -> array<Channels, 2> {
  return spread(statistics[at.x], statistics[at.y], statistics[at.z], statistics[at.w]);
}

// The means of dŷ and of dŷ·x̂ for each channel.
fn means_of(at: vec4u) -> array<Channels, 2> {
  return spread(means[at.x], means[at.y], means[at.z], means[at.w]);
}

@compute @workgroup_size(LANES_X, LANES_Y)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let block = block_of(group, groups, local);
  if (!block.inside) { return; }
  let channel = block.column * CHANNEL_WIDTH;
  let w = weight[block.column];
  let b = bias[block.column];
  let s = statistics_of(block.p * sizes.G + groups_of(channel));
  var m = array<Channels, 2>(Channels(0.0), Channels(0.0));
  if (!FIXED) { m = means_of(block.p * sizes.G + groups_of(channel)); }
  for (var row = block.begin; row < block.end; row++) {
    let at = row * columns() + block.column;
    if (ROWWISE) {
      let own = statistics[row];
      let mean = means[row];
      let normal = (x[at] - own.x) * own.y;
      let d = dy[at] * slope(normal * w + b) * w;
      dx[at] = own.y * (d - mean.x - normal * mean.y);
    } else {
      let normal = (x[at] - s[0]) * s[1];
      let d = dy[at] * slope(normal * w + b) * w;
      dx[at] = s[1] * (d - m[0] - normal * m[1]);
    }
  }
}
