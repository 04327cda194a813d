// Channels stands for one channel: for channel counts that are no multiples of 4.
// The same names as lib/channels_by_four.wgsl.
alias Channels = f32;
const CHANNEL_WIDTH: u32 = 1;

fn groups_of(channel: u32) -> vec4u {
  return vec4u(channel / sizes.GROUP_WIDTH);
}

fn spread(a: vec2f, b: vec2f, c: vec2f, d: vec2f) -> array<Channels, 2> {
  return array<Channels, 2>(a.x, a.y);
}
