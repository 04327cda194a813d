// (μ, 1/√(σ² + ε)) of each group: μ = Σ n_b μ_b / n, σ² = Σ (M_b + n_b (μ_b − μ)²) / n
// Chan, Golub & LeVeque 1983, the merge of partial moments; one invocation a group, in a fixed order.
import lib::line;

// Sizes come in a uniform, so that one compiled kernel serves every shape.
struct Sizes {
  P: u32,
  Q: u32,
  G: u32,
  GROUP_WIDTH: u32,
  ROWS: u32,
  BLOCKS: u32,
}

override EPSILON: f32;

@group(0) @binding(0) var<storage, read_write> partials: array<f32>; // [P·BLOCKS, 2, G·GROUP_WIDTH]
@group(0) @binding(1) var<storage, read_write> statistics: array<vec2f>; // [P, G]
@group(0) @binding(2) var<uniform> sizes: Sizes;

fn partial(block: u32, part: u32, channel: u32) -> f32 {
  return partials[(block * 2u + part) * sizes.G * sizes.GROUP_WIDTH + channel];
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = line(group, groups) * 64u + lane;
  if (i >= sizes.P * sizes.G) { return; }
  let p = i / sizes.G;
  let first = (i % sizes.G) * sizes.GROUP_WIDTH;
  let rows_of_last = f32(sizes.Q - (sizes.BLOCKS - 1u) * sizes.ROWS);
  let count = f32(sizes.Q * sizes.GROUP_WIDTH);
  var mean = 0.0;
  for (var b = 0u; b < sizes.BLOCKS; b++) {
    var sum = 0.0;
    for (var c = first; c < first + sizes.GROUP_WIDTH; c++) { sum += partial(p * sizes.BLOCKS + b, 0u, c); }
    mean += sum * (select(f32(sizes.ROWS), rows_of_last, b + 1u == sizes.BLOCKS) / count);
  }
  var squares = 0.0;
  for (var b = 0u; b < sizes.BLOCKS; b++) {
    var spread = 0.0;
    for (var c = first; c < first + sizes.GROUP_WIDTH; c++) {
      let d = partial(p * sizes.BLOCKS + b, 0u, c) - mean;
      spread += d * d;
      squares += partial(p * sizes.BLOCKS + b, 1u, c);
    }
    squares += spread * select(f32(sizes.ROWS), rows_of_last, b + 1u == sizes.BLOCKS);
  }
  statistics[i] = vec2f(mean, 1.0 / sqrt(squares / count + EPSILON));
}
