// tile_a(…), tile_b(…): four rows by four terms of op(A), four terms by four columns of op(B), as columns of a matrix
// Register blocking (Goto & van de Geijn 2008): what the kernels of a CPU adapter read at each step of the sum.
import lib::gemm_problem;

override A_TRANSPOSED: bool = false;
override B_TRANSPOSED: bool = false;

// Four terms of a row of A.
fn load_a(base: u32, row: u32, k: u32, end: u32) -> vec4f {
  let v = a[base + min(row, sizes.M - 1u) * (sizes.A_STRIDE / 4u) + k / 4u];
  if (WHOLE_K) { return v; }
  return within(v, k, end);
}

// Four rows of op(A) at one term.
fn load_a_rows(base: u32, row4: u32, k: u32, end: u32) -> vec4f {
  let v = a[base + min(k, sizes.K - 1u) * (sizes.A_STRIDE / 4u) + min(row4, sizes.M / 4u - 1u)];
  return select(vec4f(0.0), v, k < end);
}

// Four columns of op(B) at one term.
fn load_b(base: u32, column4: u32, k: u32) -> vec4f {
  return b[base + min(k, sizes.K - 1u) * (sizes.B_STRIDE / 4u) + column4];
}

// Four terms of a column of op(B).
fn load_b_column(base: u32, column: u32, k: u32, end: u32) -> vec4f {
  let v = b[base + column * (sizes.B_STRIDE / 4u) + k / 4u];
  if (WHOLE_K) { return v; }
  return within(v, k, end);
}

fn transposed(r0: vec4f, r1: vec4f, r2: vec4f, r3: vec4f) -> mat4x4f {
  return transpose(mat4x4f(r0, r1, r2, r3));
}

// Four rows by four terms of A: column i of the result is row i.
fn tile_a(base: u32, row: u32, k: u32, end: u32) -> mat4x4f {
  if (A_TRANSPOSED) {
    return transposed(load_a_rows(base, row / 4u, k, end), load_a_rows(base, row / 4u, k + 1u, end),
      load_a_rows(base, row / 4u, k + 2u, end), load_a_rows(base, row / 4u, k + 3u, end));
  }
  return mat4x4f(load_a(base, row, k, end), load_a(base, row + 1u, k, end), load_a(base, row + 2u, k, end), load_a(base, row + 3u, k, end));
}

// Four terms by four columns of B: column i of the result is term i.
fn tile_b(base: u32, column4: u32, k: u32, end: u32) -> mat4x4f {
  let inside = min(column4, sizes.N / 4u - 1u);
  if (B_TRANSPOSED) {
    return transposed(load_b_column(base, inside * 4u, k, end), load_b_column(base, inside * 4u + 1u, k, end),
      load_b_column(base, inside * 4u + 2u, k, end), load_b_column(base, inside * 4u + 3u, k, end));
  }
  return mat4x4f(load_b(base, inside, k), load_b(base, inside, k + 1u), load_b(base, inside, k + 2u), load_b(base, inside, k + 3u));
}
