// A row belongs to a workgroup, whose 64 invocations take every 64th element: for GPUs.
// lib/row_by_invocation.wgsl has the same names for CPU adapters.
import lib::line;

const ROW_LANES: u32 = 64;

var<workgroup> shared_values: array<f32, 64>;

// The row, and where in it this invocation starts.
fn place_in_rows(group: vec3u, groups: vec3u, lane: u32) -> vec2u {
  return vec2u(line(group, groups), lane);
}

// Σ over the workgroup, the same for all.
fn row_sum(value: f32, lane: u32) -> f32 {
  shared_values[lane] = value;
  for (var half = 32u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lane < half) { shared_values[lane] += shared_values[lane + half]; }
  }
  let sum = workgroupUniformLoad(&shared_values[0]);
  workgroupBarrier();
  return sum;
}

// max over the workgroup, the same for all.
fn row_max(value: f32, lane: u32) -> f32 {
  shared_values[lane] = value;
  for (var half = 32u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lane < half) { shared_values[lane] = max(shared_values[lane], shared_values[lane + half]); }
  }
  let greatest = workgroupUniformLoad(&shared_values[0]);
  workgroupBarrier();
  return greatest;
}
