// norm = √total, factor = min(1, LIMIT / (norm + 1e-6))
// PyTorch's clip_grad_norm_; Pascanu et al. 2013, arXiv:1211.5063.
override LIMIT: f32;

@group(0) @binding(0) var<storage, read_write> total: array<f32>; // [1], the sum of squares
@group(0) @binding(1) var<storage, read_write> factor: array<f32>; // [1]
@group(0) @binding(2) var<storage, read_write> norm: array<f32>; // [1]

@compute @workgroup_size(1)
fn main() {
  let n = sqrt(total[0]);
  norm[0] = n;
  let shrink = LIMIT / (n + 1e-6);
  factor[0] = select(shrink, 1.0, shrink >= 1.0); // keeps NaN, which min may drop
}
