// (μ, 1/√(σ² + ε)) of each group: μ = Σ n_b μ_b / n, σ² = Σ (M_b + n_b (μ_b − μ)²) / n
// Chan, Golub & LeVeque 1983, the merge of partial moments; one invocation a group, in a fixed order.
override P: u32;
override Q: u32;
override G: u32;
override GROUP_WIDTH: u32;
override ROWS: u32;
override BLOCKS: u32;
override EPSILON: f32;

@group(0) @binding(0) var<storage, read_write> partials: array<f32>; // [P·BLOCKS, 2, G·GROUP_WIDTH]
@group(0) @binding(1) var<storage, read_write> statistics: array<vec2f>; // [P, G]

fn partial(block: u32, part: u32, channel: u32) -> f32 {
  return partials[(block * 2u + part) * G * GROUP_WIDTH + channel];
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= P * G) { return; }
  let p = id.x / G;
  let first = (id.x % G) * GROUP_WIDTH;
  let rows_of_last = f32(Q - (BLOCKS - 1u) * ROWS);
  let count = f32(Q * GROUP_WIDTH);
  var mean = 0.0;
  for (var b = 0u; b < BLOCKS; b++) {
    var sum = 0.0;
    for (var c = first; c < first + GROUP_WIDTH; c++) { sum += partial(p * BLOCKS + b, 0u, c); }
    mean += sum * (select(f32(ROWS), rows_of_last, b + 1u == BLOCKS) / count);
  }
  var squares = 0.0;
  for (var b = 0u; b < BLOCKS; b++) {
    var spread = 0.0;
    for (var c = first; c < first + GROUP_WIDTH; c++) {
      let d = partial(p * BLOCKS + b, 0u, c) - mean;
      spread += d * d;
      squares += partial(p * BLOCKS + b, 1u, c);
    }
    squares += spread * select(f32(ROWS), rows_of_last, b + 1u == BLOCKS);
  }
  statistics[id.x] = vec2f(mean, 1.0 / sqrt(squares / count + EPSILON));
}
