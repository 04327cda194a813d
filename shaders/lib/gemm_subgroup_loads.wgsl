// load_a(…), load_b(…), accumulate(…): a row of A and four columns of op(B) at four terms of the sum, and what they add to it
// What the kernels of a subgroup of 8 read at each step (Goto & van de Geijn 2008).
import lib::gemm_problem;

override B_TRANSPOSED: bool = false;

// c + p · B for four terms of the sum; transposed, each vector of B holds the four terms of one column.
fn accumulate(c: vec4f, p: vec4f, b0: vec4f, b1: vec4f, b2: vec4f, b3: vec4f) -> vec4f {
  if (B_TRANSPOSED) { return c + vec4f(dot(p, b0), dot(p, b1), dot(p, b2), dot(p, b3)); }
  return c + p.x * b0 + p.y * b1 + p.z * b2 + p.w * b3;
}

// Vector i of the four that a lane needs at term k.
fn load_b(base: u32, column4: u32, k: u32, i: u32, end: u32) -> vec4f {
  if (B_TRANSPOSED) {
    let v = b[base + (column4 * 4u + i) * (sizes.B_STRIDE / 4u) + k / 4u];
    if (WHOLE_K) { return v; }
    return within(v, k, end);
  }
  return b[base + min(k + i, sizes.K - 1u) * (sizes.B_STRIDE / 4u) + column4];
}

fn load_a(at: u32, k: u32, end: u32) -> vec4f {
  if (WHOLE_K) { return a[at + k / 4u]; }
  return within(a[at + k / 4u], k, end);
}
