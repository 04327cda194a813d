// Δ = Σ dy ∘ y over each head of each row
// Dao et al. 2022, arXiv:2205.14135, appendix B: the row sums that softmax's gradient needs.
import lib::line;

// Sizes come in a uniform, so that one compiled kernel serves every shape.
struct Sizes {
  BATCH: u32,
  QUERIES: u32,
  HEADS: u32,
  VECTORS: u32, // of a head
}

@group(0) @binding(0) var<storage, read_write> y: array<vec4f>; // [BATCH, QUERIES, HEADS, VECTORS]
@group(0) @binding(1) var<storage, read_write> dy: array<vec4f>; // likewise
@group(0) @binding(2) var<storage, read_write> delta: array<f32>; // [BATCH, HEADS, QUERIES]
@group(0) @binding(3) var<uniform> sizes: Sizes;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = line(group, groups) * 64u + lane;
  if (i >= sizes.BATCH * sizes.QUERIES * sizes.HEADS) { return; }
  var sum = vec4f(0.0);
  for (var v = i * sizes.VECTORS; v < (i + 1u) * sizes.VECTORS; v++) { sum += y[v] * dy[v]; }
  let head = i % sizes.HEADS;
  let query = (i / sizes.HEADS) % sizes.QUERIES;
  let b = i / (sizes.HEADS * sizes.QUERIES);
  delta[(b * sizes.HEADS + head) * sizes.QUERIES + query] = sum.x + sum.y + sum.z + sum.w;
}
