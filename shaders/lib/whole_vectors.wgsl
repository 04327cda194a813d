// A lane's two channels and the next lane's: vectors are stored whole, by every second lane.
fn whole(pair: vec2f) -> vec4f {
  return vec4f(pair, subgroupShuffleXor(pair, 1u));
}
