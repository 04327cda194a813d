// A walk over the pixels of dy, four at a time, through all lines.
import lib::conv_weight_gradient_problem;

// Whether OW is a multiple of 4: four pixels then lie in one line, and nothing is divided on the way.
override WHOLE_LINES: bool = false;

// The four pixels from `first` on; `line` and `column` are theirs where WHOLE_LINES.
struct Pixels {
  first: u32,
  end: u32,
  line: Line,
  column: u32,
}

// The lines of a part.
fn pixels_of(part: u32) -> Pixels {
  let line = part * sizes.SPLIT_LINES;
  let end = min(line + sizes.SPLIT_LINES, sizes.IMAGES * sizes.OH);
  return Pixels(line * sizes.OW, end * sizes.OW, line_of(line), 0u);
}

fn next_pixels(at: Pixels) -> Pixels {
  let column = at.column + 4u;
  let line_ends = column >= sizes.OW;
  let y = at.line.y + u32(line_ends);
  let image_ends = y >= sizes.OH;
  return Pixels(at.first + 4u, at.end, Line(at.line.image + u32(image_ends), select(y, 0u, image_ends)), select(column, 0u, line_ends));
}

// Four channels of x under a tap at pixel i of four.
fn load_pixel(tap: Tap, at: Pixels, i: u32) -> vec4f {
  if (WHOLE_LINES) { return load_x(tap, at.line, at.column + i); }
  let pixel = at.first + i;
  return select(vec4f(0.0), load_x(tap, line_of(pixel / sizes.OW), pixel % sizes.OW), pixel < at.end);
}

// The vector at which the channels of dy begin at pixel i of four.
fn dy_at(at: Pixels, i: u32) -> u32 {
  return min(at.first + i, at.end - 1u) * (sizes.CO / 4u);
}
