// load_a(…), load_b(…), accumulate(…), and the same for the sums of eight rows: what a subgroup of 8 does at each step of a product
// Outer products in registers (Goto & van de Geijn 2008), a row a lane, handed round by subgroupBroadcast.
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

// Where a row of A begins; the last one where there is none.
fn row_of_a(base: u32, row: u32) -> u32 {
  return base + min(row, sizes.M - 1u) * (sizes.A_STRIDE / 4u);
}

fn load_a(at: u32, k: u32, end: u32) -> vec4f {
  if (WHOLE_K) { return a[at + k / 4u]; }
  return within(a[at + k / 4u], k, end);
}

// The sums of eight rows. Only constants index it, so that it lies in registers.
alias Eight = array<vec4f, 8>;

fn start_eight(base: u32, row: u32, column4: u32, bias4: vec4f) -> Eight {
  return Eight(
    start(base, row + 0u, column4, bias4), start(base, row + 1u, column4, bias4),
    start(base, row + 2u, column4, bias4), start(base, row + 3u, column4, bias4),
    start(base, row + 4u, column4, bias4), start(base, row + 5u, column4, bias4),
    start(base, row + 6u, column4, bias4), start(base, row + 7u, column4, bias4),
  );
}

// Adds what the rows that the lanes loaded, a lane a row, make of four terms.
fn accumulate_eight(c: Eight, a: vec4f, b0: vec4f, b1: vec4f, b2: vec4f, b3: vec4f) -> Eight {
  return Eight(
    accumulate(c[0], subgroupBroadcast(a, 0u), b0, b1, b2, b3), accumulate(c[1], subgroupBroadcast(a, 1u), b0, b1, b2, b3),
    accumulate(c[2], subgroupBroadcast(a, 2u), b0, b1, b2, b3), accumulate(c[3], subgroupBroadcast(a, 3u), b0, b1, b2, b3),
    accumulate(c[4], subgroupBroadcast(a, 4u), b0, b1, b2, b3), accumulate(c[5], subgroupBroadcast(a, 5u), b0, b1, b2, b3),
    accumulate(c[6], subgroupBroadcast(a, 6u), b0, b1, b2, b3), accumulate(c[7], subgroupBroadcast(a, 7u), b0, b1, b2, b3),
  );
}

fn store_eight(base: u32, row: u32, column4: u32, c: Eight) {
  store_sum(base, row + 0u, column4, c[0]);
  store_sum(base, row + 1u, column4, c[1]);
  store_sum(base, row + 2u, column4, c[2]);
  store_sum(base, row + 3u, column4, c[3]);
  store_sum(base, row + 4u, column4, c[4]);
  store_sum(base, row + 5u, column4, c[5]);
  store_sum(base, row + 6u, column4, c[6]);
  store_sum(base, row + 7u, column4, c[7]);
}
