// activate(x, code): 0 x, 1 max(x, 0), 2 x·σ(x), 3 x·Φ(x), 4 x·σ(1.702 x); and their derivatives.
// Hendrycks & Gimpel 2016, arXiv:1606.08415; erf by Abramowitz & Stegun 7.1.26 carried to f32 accuracy (see erf below).

const RELU: u32 = 1;
const SILU: u32 = 2;
const GELU: u32 = 3;
const QUICK_GELU: u32 = 4;

const SQRT_HALF: f32 = 0.70710678118654752;
const INVERSE_SQRT_TWO_PI: f32 = 0.39894228040143268;

// exp overflows beyond 88; σ is 0 or 1 to f32 accuracy long before.
fn sigmoid4(x: vec4f) -> vec4f {
  return 1.0 / (1.0 + exp(-clamp(x, vec4f(-80.0), vec4f(80.0))));
}

// max(x, 0) that keeps NaN.
fn relu4(x: vec4f) -> vec4f {
  return select(x, vec4f(0.0), x <= vec4f(0.0));
}

// erf: odd rational approximation, absolute error below 5e-7 in f32.
fn erf4(x: vec4f) -> vec4f {
  let a = min(abs(x), vec4f(4.0));
  let t = 1.0 / (1.0 + 0.5 * a);
  // Numerical Recipes' erfc, Chebyshev fit with fractional error below 1.2e-7.
  let p = -1.26551223 + t * (1.00002368 + t * (0.37409196 + t * (0.09678418 + t * (-0.18628806
    + t * (0.27886807 + t * (-1.13520398 + t * (1.48851587 + t * (-0.82215223 + t * 0.17087277))))))));
  let tail = t * exp(-a * a + p);
  return sign(x) * (1.0 - tail);
}

fn activate(x: vec4f, code: u32) -> vec4f {
  switch code {
    case RELU: { return relu4(x); }
    case SILU: { return x * sigmoid4(x); }
    case GELU: { return 0.5 * x * (1.0 + erf4(x * SQRT_HALF)); }
    case QUICK_GELU: { return x * sigmoid4(1.702 * x); }
    default: { return x; }
  }
}

fn activate_derivative(x: vec4f, code: u32) -> vec4f {
  switch code {
    case RELU: { return select(vec4f(0.0), vec4f(1.0), x > vec4f(0.0)); }
    case SILU: { let s = sigmoid4(x); return s * (1.0 + x * (1.0 - s)); }
    case GELU: {
      let density = INVERSE_SQRT_TWO_PI * exp(-0.5 * x * x);
      return 0.5 * (1.0 + erf4(x * SQRT_HALF)) + x * density;
    }
    case QUICK_GELU: { let s = sigmoid4(1.702 * x); return s * (1.0 + 1.702 * x * (1.0 - s)); }
    default: { return vec4f(1.0); }
  }
}
