// links[j] = (first, next): whether place j is the first with its id, and the next place with it, N when there is none
// Gives each row of gather_gradient.wgsl one owner that finds its terms in order.
import lib::line;

override N: u32;

@group(0) @binding(0) var<storage, read_write> ids: array<u32>; // [N]
@group(0) @binding(1) var<storage, read_write> links: array<vec2u>; // [N]

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = line(group, groups) * 64u + lane;
  if (i >= N) { return; }
  let id = ids[i];
  var first = 1u;
  for (var j = 0u; j < i; j++) {
    if (ids[j] == id) {
      first = 0u;
      break;
    }
  }
  var next = i + 1u;
  while (next < N && ids[next] != id) { next++; }
  links[i] = vec2u(first, next);
}
