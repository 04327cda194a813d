// y = 1 where logits[label] is the largest of its row and the first of equals, else 0, as in a row with NaN and for a label that is no class; one invocation a row
// Top-1 accuracy (Russakovsky et al. 2015, arXiv:1409.0575) with ties settled by the lower index.
import lib::line;
import lib::nan;

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
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = line(group, groups) * 64u + lane;
  if (i >= sizes.ROW_COUNT) { return; }
  let row = i * sizes.C;
  let label = labels[i];
  let own = logits[row + min(label, sizes.C - 1u)];
  var largest = select(0.0, 1.0, label < sizes.C);
  for (var c = 0u; c < sizes.C; c++) {
    let other = logits[row + c];
    if (is_nan(other) || other > own || (other == own && c < label)) { largest = 0.0; }
  }
  y[i] = largest;
}
