// Δ = Σ dy ∘ y over each head of each row
// Dao et al. 2022, arXiv:2205.14135, appendix B: the row sums that softmax's gradient needs.
import lib::line;

override BATCH: u32;
override QUERIES: u32;
override HEADS: u32;
override VECTORS: u32; // of a head

@group(0) @binding(0) var<storage, read_write> y: array<vec4f>; // [BATCH, QUERIES, HEADS, VECTORS]
@group(0) @binding(1) var<storage, read_write> dy: array<vec4f>; // likewise
@group(0) @binding(2) var<storage, read_write> delta: array<f32>; // [BATCH, HEADS, QUERIES]

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = line(group, groups) * 64u + lane;
  if (i >= BATCH * QUERIES * HEADS) { return; }
  var sum = vec4f(0.0);
  for (var v = i * VECTORS; v < (i + 1u) * VECTORS; v++) { sum += y[v] * dy[v]; }
  let head = i % HEADS;
  let query = (i / HEADS) % QUERIES;
  let b = i / (HEADS * QUERIES);
  delta[(b * HEADS + head) * QUERIES + query] = sum.x + sum.y + sum.z + sum.w;
}
