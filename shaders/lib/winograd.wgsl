// Y = Aᵀ[(G g Gᵀ) ∘ (Bᵀ d B)]A with tiles of 4 by 4 results from 6 by 6 sources: the one-dimensional transforms
// Lavin & Gray 2015, arXiv:1509.09308, section 4.1, F(4×4, 3×3).
// One number an invocation: with vectors of four, CPU adapters take five times as long to compile and run no faster.
const POINTS: u32 = 36; // places of a transformed tile

alias Six = array<f32, 6>;
alias Four = array<f32, 4>;
alias Three = array<f32, 3>;

// Bᵀ d
fn transform_source(d: Six) -> Six {
  let even1 = d[4] - 4.0 * d[2];
  let odd1 = d[3] - 4.0 * d[1];
  let even2 = d[4] - d[2];
  let odd2 = 2.0 * (d[3] - d[1]);
  return Six(
    4.0 * d[0] - 5.0 * d[2] + d[4],
    even1 + odd1,
    even1 - odd1,
    even2 + odd2,
    even2 - odd2,
    4.0 * d[1] - 5.0 * d[3] + d[5],
  );
}

// Aᵀ m
fn transform_result(m: Six) -> Four {
  let sum1 = m[1] + m[2];
  let difference1 = m[1] - m[2];
  let sum2 = m[3] + m[4];
  let difference2 = m[3] - m[4];
  return Four(
    m[0] + sum1 + sum2,
    difference1 + 2.0 * difference2,
    sum1 + 4.0 * sum2,
    difference1 + 8.0 * difference2 + m[5],
  );
}

// A y, the transpose of transform_result
fn transform_result_gradient(y: Four) -> Six {
  let even1 = y[0] + y[2];
  let odd1 = y[1] + y[3];
  let even2 = y[0] + 4.0 * y[2];
  let odd2 = 2.0 * y[1] + 8.0 * y[3];
  return Six(y[0], even1 + odd1, even1 - odd1, even2 + odd2, even2 - odd2, y[3]);
}

// G g
fn transform_weight(g: Three) -> Six {
  let even1 = (-1.0 / 6.0) * (g[0] + g[2]);
  let odd1 = (-1.0 / 6.0) * g[1];
  let even2 = (1.0 / 24.0) * g[0] + (1.0 / 6.0) * g[2];
  let odd2 = (1.0 / 12.0) * g[1];
  return Six(0.25 * g[0], even1 + odd1, even1 - odd1, even2 + odd2, even2 - odd2, g[2]);
}

// Gᵀ u, the transpose of transform_weight
fn transform_weight_gradient(u: Six) -> Three {
  let sum1 = (-1.0 / 6.0) * (u[1] + u[2]);
  let difference1 = (-1.0 / 6.0) * (u[1] - u[2]);
  let sum2 = u[3] + u[4];
  let difference2 = u[3] - u[4];
  return Three(
    0.25 * u[0] + sum1 + (1.0 / 24.0) * sum2,
    difference1 + (1.0 / 12.0) * difference2,
    sum1 + (1.0 / 6.0) * sum2 + u[5],
  );
}
