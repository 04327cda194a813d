// Channels stands for four neighbouring channels: tensors are read as whole vectors.
// For channel counts that are multiples of 4; lib/channels_by_one.wgsl has the same names for the others.
alias Channels = vec4f;
const CHANNEL_WIDTH: u32 = 4;

// Value pairs of four neighbouring channels, of which GROUP_WIDTH share one.
fn pairs_of(pairs: ptr<storage, array<vec2f>, read_write>, base: u32, channel: u32) -> array<Channels, 2> {
  if (GROUP_WIDTH % 4u == 0u) {
    let one = (*pairs)[base + channel / GROUP_WIDTH];
    return array<Channels, 2>(vec4f(one.x), vec4f(one.y));
  }
  let a = (*pairs)[base + channel / GROUP_WIDTH];
  let b = (*pairs)[base + (channel + 1u) / GROUP_WIDTH];
  let c = (*pairs)[base + (channel + 2u) / GROUP_WIDTH];
  let d = (*pairs)[base + (channel + 3u) / GROUP_WIDTH];
  return array<Channels, 2>(vec4f(a.x, b.x, c.x, d.x), vec4f(a.y, b.y, c.y, d.y));
}
