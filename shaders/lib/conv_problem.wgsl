// y[p, o] = Σ w[k, i, o] x[STRIDE·p + k − pad, i]; its INPUT_GRADIENT dx[p, i] = Σ w[k, i, o] dy[(p + pad − k) / STRIDE, o]
// Dumoulin & Visin 2016, arXiv:1603.07285: both gather from a source image into a target image, so they share kernels.
import lib::activation;

// Sizes come in a uniform, not as constants, so that one compiled kernel serves every shape.
struct Sizes {
  IMAGES: u32,
  SOURCE_H: u32,
  SOURCE_W: u32,
  SOURCE_C: u32, // a multiple of 4, as is TARGET_C
  TARGET_H: u32,
  TARGET_W: u32,
  TARGET_C: u32,
  TOP: u32,
  LEFT: u32,
  // Target pixels of one phase, in each direction and in all images.
  GRID_H: u32,
  GRID_W: u32,
  ROWS: u32,
  ROW_BEGIN: u32, // where this dispatch's tiles begin
}

override KH: u32;
override KW: u32;
override STRIDE: u32 = 1;
override INPUT_GRADIENT: bool = false;
override HAS_BIAS: bool = false;
override HAS_RESIDUAL: bool = false;
override ACTIVATION: u32 = 0;

@group(0) @binding(0) var<storage, read_write> source: array<vec4f>; // [IMAGES, SOURCE_H, SOURCE_W, SOURCE_C]
@group(0) @binding(1) var<storage, read_write> weight: array<vec4f>; // [KH, KW, i, o]
@group(0) @binding(2) var<storage, read_write> output: array<vec4f>; // [IMAGES, TARGET_H, TARGET_W, TARGET_C]
@group(0) @binding(3) var<storage, read_write> bias: array<vec4f>; // [TARGET_C]
@group(0) @binding(4) var<storage, read_write> residual: array<vec4f>; // as output
@group(0) @binding(5) var<uniform> sizes: Sizes;

// With a stride, the pixels of dx fall into STRIDE² phases, each reached by its own taps; a workgroup serves one.
override PHASES: u32 = select(1u, STRIDE, INPUT_GRADIENT);

const OUTSIDE: u32 = 0xffffffffu;

struct Pixel {
  image: u32,
  y: u32,
  x: u32,
}

// The target pixel behind a row of the product.
fn pixel_of(row: u32, phase: u32) -> Pixel {
  let x = row % sizes.GRID_W;
  let y = row / sizes.GRID_W % sizes.GRID_H;
  return Pixel(row / (sizes.GRID_W * sizes.GRID_H), y * PHASES + phase / PHASES, x * PHASES + phase % PHASES);
}

// The first tap that reaches a phase; others follow at steps of PHASES.
fn first_tap(phase: u32) -> vec2u {
  return vec2u((phase / PHASES + sizes.TOP) % PHASES, (phase % PHASES + sizes.LEFT) % PHASES);
}

// The vector at which the source pixel under a tap begins, or OUTSIDE.
fn source_at(pixel: Pixel, tap_y: u32, tap_x: u32) -> u32 {
  var y = i32(pixel.y * STRIDE + tap_y) - i32(sizes.TOP);
  var x = i32(pixel.x * STRIDE + tap_x) - i32(sizes.LEFT);
  if (INPUT_GRADIENT) {
    // Division rounds towards zero: a tap before the image must not reach its first pixel.
    y = select((i32(pixel.y + sizes.TOP) - i32(tap_y)) / i32(STRIDE), -1, pixel.y + sizes.TOP < tap_y);
    x = select((i32(pixel.x + sizes.LEFT) - i32(tap_x)) / i32(STRIDE), -1, pixel.x + sizes.LEFT < tap_x);
  }
  // A negative coordinate is a huge unsigned one. `&` and not `&&`: eight rows' branches here would cost SwiftShader half a
  // minute of compiling.
  let inside = (u32(y) < sizes.SOURCE_H) & (u32(x) < sizes.SOURCE_W);
  return select(OUTSIDE, ((pixel.image * sizes.SOURCE_H + u32(y)) * sizes.SOURCE_W + u32(x)) * (sizes.SOURCE_C / 4u), inside);
}

fn load_source(at: u32, channel4: u32) -> vec4f {
  let inside = at != OUTSIDE;
  return select(vec4f(0.0), source[select(0u, at + channel4, inside)], inside);
}

// Four target channels at source channel 4 · channel4 + i; for the INPUT_GRADIENT, four source channels at target
// channel 4 · column4 + i.
fn load_weight(tap: u32, channel4: u32, column4: u32, i: u32) -> vec4f {
  if (INPUT_GRADIENT) { return weight[(tap * sizes.TARGET_C + column4 * 4u + i) * (sizes.SOURCE_C / 4u) + channel4]; }
  return weight[(tap * sizes.SOURCE_C + channel4 * 4u + i) * (sizes.TARGET_C / 4u) + column4];
}

// c + p · W for four source channels.
fn accumulate(c: vec4f, p: vec4f, w0: vec4f, w1: vec4f, w2: vec4f, w3: vec4f) -> vec4f {
  if (INPUT_GRADIENT) { return c + vec4f(dot(p, w0), dot(p, w1), dot(p, w2), dot(p, w3)); }
  return c + p.x * w0 + p.y * w1 + p.z * w2 + p.w * w3;
}

// Where a row's result lies, or OUTSIDE.
fn target_at(row: u32, phase: u32, column4: u32) -> u32 {
  var at = row;
  var inside = row < sizes.ROWS && column4 < sizes.TARGET_C / 4u;
  if (PHASES > 1u) {
    let pixel = pixel_of(row, phase);
    inside = inside && pixel.y < sizes.TARGET_H && pixel.x < sizes.TARGET_W;
    at = (pixel.image * sizes.TARGET_H + pixel.y) * sizes.TARGET_W + pixel.x;
  }
  return select(OUTSIDE, at * (sizes.TARGET_C / 4u) + column4, inside);
}

fn store(row: u32, phase: u32, column4: u32, sum: vec4f) {
  let at = target_at(row, phase, column4);
  if (at == OUTSIDE) { return; }
  output[at] = sum;
}

// The epilogue, in a loop of its own: unrolled over many rows it would take CPU adapters seconds to compile.
fn finish(row: u32, phase: u32, column4: u32, rows: u32) {
  if (!HAS_BIAS && !HAS_RESIDUAL && ACTIVATION == 0u) { return; }
  for (var r = 0u; r < rows; r++) {
    let at = target_at(row + r, phase, column4);
    if (at != OUTSIDE) {
      var y = output[at];
      if (HAS_BIAS) { y += bias[column4]; }
      if (HAS_RESIDUAL) { y += residual[at]; }
      output[at] = activate(y, ACTIVATION);
    }
  }
}
