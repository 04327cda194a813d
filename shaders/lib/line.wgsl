// line(id, groups) = (id.y · groups.x + id.x): the place of a workgroup in a grid that was folded into rows.
// WebGPU allows 65,535 workgroups a direction.
fn line(id: vec3u, groups: vec3u) -> u32 {
  return id.y * groups.x + id.x;
}
