// y[n, oy, ox, c] = SCALE · x[n, oy / SIZE, ox / SIZE, c]
// PyTorch's nearest-neighbour interpolation with SCALE = 1, and the transpose of average pooling.
import lib::line;

override C: u32; // a multiple of LANES
override W: u32;
override SIZE: u32;
override SCALE: f32;

@group(0) @binding(0) var<storage, read_write> x: array<Value>; // [n, h, W, C]
@group(0) @binding(1) var<storage, read_write> y: array<Value>; // [n, h·SIZE, W·SIZE, C]

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = line(group, groups) * 64u + lane;
  if (i >= arrayLength(&y)) { return; }
  let width = C / LANES;
  let c = i % width;
  let ox = (i / width) % (W * SIZE);
  let row = i / width / (W * SIZE); // n·h·SIZE + oy
  y[i] = SCALE * x[((row / SIZE) * W + ox / SIZE) * width + c];
}
