// A row belongs to a workgroup, whose 64 invocations take every 64th element: for GPUs.
// lib/row_by_invocation.wgsl has the same names for CPU adapters.
import lib::line;

const ROW_LANES: u32 = 64;

var<workgroup> shared_values: array<f32, 64>;

// Apart from start_in_row, since barriers need a row that is the same for the whole workgroup.
fn row_of(group: vec3u, groups: vec3u, lane: u32) -> u32 {
  return line(group, groups);
}

// Where in its row an invocation starts.
fn start_in_row(lane: u32) -> u32 { return lane; }

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
