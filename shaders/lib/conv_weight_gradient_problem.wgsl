// dw[k, i, o] = Σ_p x[STRIDE·p + k − pad, i] dy[p, o]: a product patchesᵀ · dy, split over lines of pixels
// Dumoulin & Visin 2016, arXiv:1603.07285; the parts are added by reduce/sum_splits.wgsl.
// Sizes come in a uniform, not as constants, so that one compiled kernel serves every shape.
struct Sizes {
  IMAGES: u32,
  H: u32,
  W: u32,
  CI: u32, // a multiple of 4, as is CO
  OH: u32,
  OW: u32,
  CO: u32,
  TOP: u32,
  LEFT: u32,
  // Part s sums the lines [s · SPLIT_LINES, (s + 1) · SPLIT_LINES) of the IMAGES · OH.
  SPLIT_LINES: u32,
  ROWS4: u32, // KH · KW · CI / 4
}

override KH: u32;
override KW: u32;
override STRIDE: u32 = 1;

@group(0) @binding(0) var<storage, read_write> x: array<vec4f>; // [IMAGES, H, W, CI]
@group(0) @binding(1) var<storage, read_write> dy: array<vec4f>; // [IMAGES, OH, OW, CO]
@group(0) @binding(2) var<storage, read_write> dw: array<vec4f>; // [parts, KH, KW, CI, CO]
@group(0) @binding(3) var<uniform> sizes: Sizes;

// The tap and the channels of four rows of dw.
struct Tap {
  y: u32,
  x: u32,
  channel4: u32,
}

fn tap_of(row4: u32) -> Tap {
  let tap = row4 / (sizes.CI / 4u);
  return Tap(tap / KW, tap % KW, row4 % (sizes.CI / 4u));
}

// A line of dy's pixels. Taken apart once a line: CPU adapters divide integers lane by lane.
struct Line {
  image: u32,
  y: u32,
}

fn line_of(line: u32) -> Line {
  return Line(line / sizes.OH, line % sizes.OH);
}

// Four channels of x under a tap at pixel `column` of a line; zero outside x and beyond the line.
fn load_x(tap: Tap, line: Line, column: u32) -> vec4f {
  let y = i32(line.y * STRIDE + tap.y) - i32(sizes.TOP);
  let column_x = i32(column * STRIDE + tap.x) - i32(sizes.LEFT);
  let inside = y >= 0 && y < i32(sizes.H) && column_x >= 0 && column_x < i32(sizes.W) && column < sizes.OW;
  let at = ((line.image * sizes.H + u32(y)) * sizes.W + u32(column_x)) * (sizes.CI / 4u) + tap.channel4;
  return select(vec4f(0.0), x[select(0u, at, inside)], inside);
}

fn load_dy(line: u32, column: u32, column4: u32) -> vec4f {
  return dy[(line * sizes.OW + min(column, sizes.OW - 1u)) * (sizes.CO / 4u) + column4];
}

fn store(part: u32, row: u32, column4: u32, sum: vec4f) {
  if (row >= sizes.ROWS4 * 4u || column4 >= sizes.CO / 4u) { return; }
  dw[(part * sizes.ROWS4 * 4u + row) * (sizes.CO / 4u) + column4] = sum;
}
