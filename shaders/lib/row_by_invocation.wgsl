// A row belongs to one invocation, which walks it alone: for CPU adapters.
// lib/row_by_workgroup.wgsl has the same names for GPUs.
import lib::line;

const ROW_LANES: u32 = 1;

// The row, and where in it this invocation starts.
fn place_in_rows(group: vec3u, groups: vec3u, lane: u32) -> vec2u {
  return vec2u(line(group, groups) * 64u + lane, 0u);
}

fn row_sum(value: f32, lane: u32) -> f32 { return value; }
fn row_max(value: f32, lane: u32) -> f32 { return value; }
