// Channels stands for one channel: for channel counts that are no multiples of 4.
// The same names as lib/channels_by_four.wgsl.
alias Channels = f32;
const CHANNEL_WIDTH: u32 = 1;

fn pairs_of(pairs: ptr<storage, array<vec2f>, read_write>, base: u32, channel: u32) -> array<Channels, 2> {
  let one = (*pairs)[base + channel / GROUP_WIDTH];
  return array<Channels, 2>(one.x, one.y);
}
