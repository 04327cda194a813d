// A row belongs to one invocation, which walks it alone: for CPU adapters.
// lib/row_by_workgroup.wgsl has the same names for GPUs.
import lib::line;

const ROW_LANES: u32 = 1;

fn row_of(group: vec3u, groups: vec3u, lane: u32) -> u32 {
  return line(group, groups) * 64u + lane;
}

// Where in its row an invocation starts.
fn start_in_row(lane: u32) -> u32 { return 0u; }

fn row_sum(value: f32, lane: u32) -> f32 { return value; }
fn row_max(value: f32, lane: u32) -> f32 { return value; }
