// dx[n, iy, ix, c] = Σ dy[n, oy, ox, c] over the windows that (iy, ix) won
// The transpose of max_pool.wgsl as a gather: each pixel asks the windows that hold it, in a fixed order, without atomics.
import lib::line;

override H: u32;
override W: u32;
override C: u32; // a multiple of LANES
override OH: u32;
override OW: u32;
override SIZE: u32;
override STRIDE: u32;
override PADDING: u32;

@group(0) @binding(0) var<storage, read_write> place: array<Index>; // [n, OH, OW, C]
@group(0) @binding(1) var<storage, read_write> dy: array<Value>; // [n, OH, OW, C]
@group(0) @binding(2) var<storage, read_write> dx: array<Value>; // [n, H, W, C]

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = line(group, groups) * 64u + lane;
  if (i >= arrayLength(&dx)) { return; }
  let width = C / LANES;
  let c = i % width;
  let ix = (i / width) % W;
  let iy = (i / width / W) % H;
  let n = i / width / W / H;
  var sum = Value(0.0);
  for (var ky = (iy + PADDING) % STRIDE; ky < SIZE; ky += STRIDE) {
    let oy = (iy + PADDING - ky) / STRIDE; // wraps to a large number above the first window
    for (var kx = (ix + PADDING) % STRIDE; kx < SIZE; kx += STRIDE) {
      let ox = (ix + PADDING - kx) / STRIDE;
      if (iy + PADDING >= ky && oy < OH && ix + PADDING >= kx && ox < OW) {
        let at = ((n * OH + oy) * OW + ox) * width + c;
        sum += select(Value(0.0), dy[at], place[at] == Index(ky * SIZE + kx));
      }
    }
  }
  dx[i] = sum;
}
