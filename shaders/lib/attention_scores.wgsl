// A piece of the scores: rows ROW_BEGIN to ROW_BEGIN + ROWS of images BATCH_BEGIN to BATCH_BEGIN + BATCHES, all heads.
// Vaswani et al. 2017, arXiv:1706.03762; rows are padded to whole vectors, and what lies beyond KEYS must not be believed.
override HEADS: u32;
override QUERIES: u32;
override KEYS: u32;
override ROWS: u32;
override BATCHES: u32;
override ROW_BEGIN: u32 = 0;
override BATCH_BEGIN: u32 = 0;
override CAUSAL: bool = false;
override SCALE: f32; // 1/√d, which the products leave out

// Vectors of a padded row.
fn row_vectors() -> u32 {
  return (KEYS + 3u) / 4u;
}

fn row_count() -> u32 {
  return BATCHES * HEADS * ROWS;
}

// The place of a row of the piece in [batch, heads, queries].
fn query_of(row: u32) -> u32 {
  return (BATCH_BEGIN * HEADS + row / ROWS) * QUERIES + ROW_BEGIN + row % ROWS;
}

// How many keys a row of the piece sees.
fn keys_seen(row: u32) -> u32 {
  if (CAUSAL) { return ROW_BEGIN + row % ROWS + 1u; }
  return KEYS;
}

// Replaces what a row does not see.
fn seen_or(v: vec4f, vector: u32, seen: u32, otherwise: f32) -> vec4f {
  if (!CAUSAL && KEYS % 4u == 0u) { return v; }
  let key = 4u * vector;
  return select(vec4f(otherwise), v, vec4u(key, key + 1u, key + 2u, key + 3u) < vec4u(seen));
}
