// sums[p, j] = Σ_b partials[p, b, j]
// One invocation an element, blocks in a fixed order: the same bits at every run.
override P: u32;
override BLOCKS: u32;
override WIDTH: u32; // elements of a block

@group(0) @binding(0) var<storage, read_write> partials: array<f32>; // [P, BLOCKS, WIDTH]
@group(0) @binding(1) var<storage, read_write> sums: array<f32>; // [P, WIDTH]

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= P * WIDTH) { return; }
  let first = (id.x / WIDTH) * BLOCKS * WIDTH + id.x % WIDTH;
  var sum = 0.0;
  for (var b = 0u; b < BLOCKS; b++) { sum += partials[first + b * WIDTH]; }
  sums[id.x] = sum;
}
