// A piece of the scores: rows ROW_BEGIN to ROW_BEGIN + ROWS of images BATCH_BEGIN to BATCH_BEGIN + BATCHES, all heads.
// Vaswani et al. 2017, arXiv:1706.03762; rows are padded to whole vectors, and what lies beyond KEYS must not be believed.

// Sizes come in a uniform, so that one compiled kernel serves every shape.
struct Sizes {
  HEADS: u32,
  QUERIES: u32,
  KEYS: u32,
  ROWS: u32,
  BATCHES: u32,
  ROW_BEGIN: u32,
  BATCH_BEGIN: u32,
}

override CAUSAL: bool = false;
override WHOLE_KEYS: bool = false; // KEYS is a multiple of 4
override SCALE: f32; // 1/√d, which the products leave out

// Vectors of a padded row.
fn row_vectors() -> u32 {
  return (sizes.KEYS + 3u) / 4u;
}

fn row_count() -> u32 {
  return sizes.BATCHES * sizes.HEADS * sizes.ROWS;
}

// The place of a row of the piece in [batch, heads, queries].
fn query_of(row: u32) -> u32 {
  return (sizes.BATCH_BEGIN * sizes.HEADS + row / sizes.ROWS) * sizes.QUERIES + sizes.ROW_BEGIN + row % sizes.ROWS;
}

// How many keys a row of the piece sees.
fn keys_seen(row: u32) -> u32 {
  if (CAUSAL) { return sizes.ROW_BEGIN + row % sizes.ROWS + 1u; }
  return sizes.KEYS;
}

// Replaces what a row does not see.
fn seen_or(v: vec4f, vector: u32, seen: u32, otherwise: f32) -> vec4f {
  if (!CAUSAL && WHOLE_KEYS) { return v; }
  let key = 4u * vector;
  return select(vec4f(otherwise), v, vec4u(key, key + 1u, key + 2u, key + 3u) < vec4u(seen));
}
