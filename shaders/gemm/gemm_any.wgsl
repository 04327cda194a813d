// C[b] = activate(α · op(A[b]) · op(B[b]) + bias + residual[b], ACTIVATION), any sizes and strides, one element an invocation
// The textbook sum; for sizes that whole vectors do not fit.
import lib::activation;
import lib::line;

override M: u32;
override N: u32;
override K: u32;
override A_STRIDE: u32;
override B_STRIDE: u32;
override C_STRIDE: u32;
override BATCH: u32 = 1;
override BATCH_INNER: u32 = 1;
override A_OUTER: u32 = 0;
override A_INNER: u32 = 0;
override B_OUTER: u32 = 0;
override B_INNER: u32 = 0;
override C_OUTER: u32 = 0;
override C_INNER: u32 = 0;
override ALPHA: f32 = 1;
override HAS_BIAS: bool = false;
override HAS_RESIDUAL: bool = false;
override ACTIVATION: u32 = 0;
override A_TRANSPOSED: bool = false;
override B_TRANSPOSED: bool = false;
// Split s of SPLITS sums terms s · SPLIT_K up to (s + 1) · SPLIT_K into its own copy of C, C_SPLIT elements further.
override SPLITS: u32 = 1;
override SPLIT_K: u32 = 0;
override C_SPLIT: u32 = 0;

@group(0) @binding(0) var<storage, read_write> a: array<f32>; // [M, K] or [K, M]
@group(0) @binding(1) var<storage, read_write> b: array<f32>; // [K, N] or [N, K]
@group(0) @binding(2) var<storage, read_write> c: array<f32>; // [M, N]
@group(0) @binding(3) var<storage, read_write> bias: array<f32>; // [N]
@group(0) @binding(4) var<storage, read_write> residual: array<f32>; // laid out as C

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = line(group, groups) * 64u + lane;
  if (i >= SPLITS * BATCH * M * N) { return; }
  let column = i % N;
  let row = i / N % M;
  let split = i / (M * N) / BATCH;
  let outer = i / (M * N) % BATCH / BATCH_INNER;
  let inner = i / (M * N) % BATCH % BATCH_INNER;
  let a_base = outer * A_OUTER + inner * A_INNER + select(row * A_STRIDE, row, A_TRANSPOSED);
  let b_base = outer * B_OUTER + inner * B_INNER + select(column, column * B_STRIDE, B_TRANSPOSED);
  let a_step = select(1u, A_STRIDE, A_TRANSPOSED);
  let b_step = select(B_STRIDE, 1u, B_TRANSPOSED);
  var end = K;
  if (SPLITS > 1u) { end = min(K, (split + 1u) * SPLIT_K); }
  var sum = 0.0;
  for (var k = split * SPLIT_K; k < end; k++) {
    sum = fma(a[a_base + k * a_step], b[b_base + k * b_step], sum);
  }
  let at = split * C_SPLIT + outer * C_OUTER + inner * C_INNER + row * C_STRIDE + column;
  var y = ALPHA * sum;
  if (HAS_BIAS) { y += bias[column]; }
  if (HAS_RESIDUAL) { y += residual[at]; }
  c[at] = activate(vec4f(y), ACTIVATION).x;
}
