// y[n, oy, ox, c] = SCALE · Σ over ky, kx of x[n, oy·SIZE + ky, ox·SIZE + kx, c]
// PyTorch's AvgPool2d with SCALE = 1/SIZE², and the transpose of upsampling.
import lib::line;

override C: u32; // a multiple of LANES
override OH: u32;
override OW: u32;
override SIZE: u32;
override SCALE: f32;

@group(0) @binding(0) var<storage, read_write> x: array<Value>; // [n, OH·SIZE, OW·SIZE, C]
@group(0) @binding(1) var<storage, read_write> y: array<Value>; // [n, OH, OW, C]

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = line(group, groups) * 64u + lane;
  if (i >= arrayLength(&y)) { return; }
  let width = C / LANES;
  let c = i % width;
  let ox = (i / width) % OW;
  let row = i / width / OW; // n·OH + oy
  var sum = Value(0.0);
  for (var ky = 0u; ky < SIZE; ky++) {
    for (var kx = 0u; kx < SIZE; kx++) { sum += x[((row * SIZE + ky) * OW * SIZE + ox * SIZE + kx) * width + c]; }
  }
  y[i] = SCALE * sum;
}
