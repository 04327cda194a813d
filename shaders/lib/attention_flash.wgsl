// Attention in tiles: an invocation keeps one row in registers while the other side passes through workgroup memory.
// Dao et al. 2022, arXiv:2205.14135: no score ever reaches storage.

// Sizes come in a uniform, so that one compiled kernel serves every shape.
struct Sizes {
  HEADS: u32,
  QUERIES: u32,
  KEYS: u32,
}

override VECTORS: u32; // of a head, at most WIDEST
override SCALE: f32; // 1/√d
override CAUSAL: bool = false;

const LANES: u32 = 64; // rows of a workgroup
const TILE: u32 = 16; // rows of the other side at a time
const WIDEST: u32 = 16; // heads of up to 64 numbers
const LOWEST: f32 = -1.0e30; // the score of what a query does not see

// The first vector of a head's row in a tensor [batch, tokens, HEADS, VECTORS].
fn head_row(batch: u32, tokens: u32, token: u32, head: u32) -> u32 {
  return ((batch * tokens + token) * sizes.HEADS + head) * VECTORS;
}

fn sees(query: u32, key: u32) -> bool {
  return query < sizes.QUERIES && key < sizes.KEYS && (!CAUSAL || key <= query);
}

fn total_of(v: vec4f) -> f32 {
  return v.x + v.y + v.z + v.w;
}
