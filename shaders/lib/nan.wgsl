// NaN told by its bits: compilers may take it that no comparison meets one, and max, min and clamp may drop it.
// IEEE 754: an exponent of ones and a mantissa that is not 0.
const MAGNITUDE: u32 = 0x7fffffff; // all bits but the sign
const INFINITY_BITS: u32 = 0x7f800000;

fn is_nan(x: f32) -> bool {
  return (bitcast<u32>(x) & MAGNITUDE) > INFINITY_BITS;
}

fn is_nan4(x: vec4f) -> vec4<bool> {
  return (bitcast<vec4u>(x) & vec4u(MAGNITUDE)) > vec4u(INFINITY_BITS);
}

// y, but NaN where x is: SwiftShader has exp(NaN) = ∞ and log(NaN) = 89.
fn keep_nan(y: vec4f, x: vec4f) -> vec4f {
  return select(y, x, is_nan4(x));
}

// NaN itself. From a variable: WGSL refuses a constant that is NaN.
fn nan() -> f32 {
  var bits = 0x7fc00000u;
  return bitcast<f32>(bits);
}

// A sum of e^(x − max x) is at most the number of terms, unless one of them is NaN, of which SwiftShader makes ∞.
fn has_nan(sum_of_powers: f32) -> bool {
  return !(sum_of_powers < 3.0e38);
}
