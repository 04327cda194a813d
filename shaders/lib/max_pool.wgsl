// y[n, oy, ox, c] = max over ky, kx of x[n, oy·STRIDE + ky − PADDING, ox·STRIDE + kx − PADDING, c]; place = ky·SIZE + kx of the first
// PyTorch's MaxPool2d: padding never wins, a NaN always does (of several the last).
import lib::line;
import lib::nan;

override H: u32;
override W: u32;
override C: u32; // a multiple of LANES
override OH: u32;
override OW: u32;
override SIZE: u32;
override STRIDE: u32;
override PADDING: u32;

@group(0) @binding(0) var<storage, read_write> x: array<Value>; // [n, H, W, C]
@group(0) @binding(1) var<storage, read_write> y: array<Value>; // [n, OH, OW, C]
@group(0) @binding(2) var<storage, read_write> place: array<Index>; // [n, OH, OW, C]

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = line(group, groups) * 64u + lane;
  if (i >= arrayLength(&y)) { return; }
  let width = C / LANES;
  let c = i % width;
  let ox = (i / width) % OW;
  let oy = (i / width / OW) % OH;
  let n = i / width / OW / OH;
  // Where the window enters the image: the first pixel wins where all are −∞, never the padding.
  let top = PADDING - min(oy * STRIDE, PADDING);
  let left = PADDING - min(ox * STRIDE, PADDING);
  var best = x[((n * H + oy * STRIDE + top - PADDING) * W + ox * STRIDE + left - PADDING) * width + c];
  var winner = Index(top * SIZE + left);
  for (var ky = 0u; ky < SIZE; ky++) {
    let iy = oy * STRIDE + ky - PADDING; // wraps above the image
    for (var kx = 0u; kx < SIZE; kx++) {
      let ix = ox * STRIDE + kx - PADDING;
      if (iy < H && ix < W) {
        let v = x[((n * H + iy) * W + ix) * width + c];
        let wins = (v > best) | ((bitcast<Index>(v) & Index(MAGNITUDE)) > Index(INFINITY_BITS));
        winner = select(winner, Index(ky * SIZE + kx), wins);
        best = select(best, v, wins);
      }
    }
  }
  y[i] = best;
  place[i] = winner;
}
