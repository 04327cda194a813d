// y = 1 where logits[label] is the largest of its row and the first of equals, else 0; one invocation a row
// Top-1 accuracy (Russakovsky et al. 2015, arXiv:1409.0575) with ties settled by the lower index.

// Sizes come in a uniform, so that one compiled kernel serves every shape.
struct Sizes {
  ROW_COUNT: u32,
  C: u32,
}

@group(0) @binding(0) var<storage, read_write> logits: array<f32>; // [ROW_COUNT, C]
@group(0) @binding(1) var<storage, read_write> labels: array<u32>; // [ROW_COUNT]
@group(0) @binding(2) var<storage, read_write> y: array<f32>; // [ROW_COUNT]
@group(0) @binding(3) var<uniform> sizes: Sizes;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= sizes.ROW_COUNT) { return; }
  let row = id.x * sizes.C;
  let label = labels[id.x];
  let own = logits[row + label];
  var largest = 1.0;
  for (var c = 0u; c < sizes.C; c++) {
    let other = logits[row + c];
    if (other > own || (other == own && c < label)) { largest = 0.0; }
  }
  y[id.x] = largest;
}
