// Channels stands for four neighbouring channels: tensors are read as whole vectors.
// For channel counts that are multiples of 4; lib/channels_by_one.wgsl has the same names for the others.
alias Channels = vec4f;
const CHANNEL_WIDTH: u32 = 4;

// The groups of four neighbouring channels, of which GROUP_WIDTH share one.
fn groups_of(channel: u32) -> vec4u {
  return vec4u(channel, channel + 1u, channel + 2u, channel + 3u) / sizes.GROUP_WIDTH;
}

// Two values of each channel from the pairs of its group.
fn spread(a: vec2f, b: vec2f, c: vec2f, d: vec2f) -> array<Channels, 2> {
  return array<Channels, 2>(vec4f(a.x, b.x, c.x, d.x), vec4f(a.y, b.y, c.y, d.y));
}
