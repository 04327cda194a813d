// x is seen as [P, Q, G, GROUP_WIDTH]; an invocation owns the same channels of up to ROWS rows of one image p.
// Wu & He 2018, arXiv:1803.08494: group, layer and batch norm differ only in what they average over.

// Sizes come in a uniform, so that one compiled kernel serves every shape.
struct Sizes {
  P: u32,
  Q: u32,
  G: u32,
  GROUP_WIDTH: u32,
  ROWS: u32, // rows of a block
  BLOCKS: u32, // blocks of an image; with ROWWISE of all rows
}

override ROWWISE: bool = false; // Q is 1: each row has its own statistics, so blocks run over P
override ACTIVATION: u32 = 0; // 0 none, 1 relu, 2 silu
override LANES_X: u32 = 16; // along channels
override LANES_Y: u32 = 4; // along blocks

// Where an invocation works.
struct Block {
  inside: bool,
  column: u32, // in Channels
  p: u32,
  index: u32, // of the block: p · BLOCKS + its place in the image
  begin: u32, // first row, counted over all images
  end: u32,
}

fn columns() -> u32 {
  return sizes.G * sizes.GROUP_WIDTH / CHANNEL_WIDTH;
}

fn block_of(group: vec3u, groups: vec3u, local: vec3u) -> Block {
  var block: Block;
  block.column = group.x * LANES_X + local.x;
  block.index = (group.z * groups.y + group.y) * LANES_Y + local.y;
  if (ROWWISE) {
    block.inside = block.column < columns() && block.index < sizes.BLOCKS;
    block.begin = block.index * sizes.ROWS;
    block.end = min(block.begin + sizes.ROWS, sizes.P);
  } else {
    block.inside = block.column < columns() && block.index < sizes.P * sizes.BLOCKS;
    block.p = block.index / sizes.BLOCKS;
    let first = (block.index % sizes.BLOCKS) * sizes.ROWS;
    block.begin = block.p * sizes.Q + first;
    block.end = block.p * sizes.Q + min(first + sizes.ROWS, sizes.Q);
  }
  return block;
}

fn sigmoid(x: Channels) -> Channels {
  return 1.0 / (1.0 + exp(-clamp(x, Channels(-80.0), Channels(80.0))));
}

fn activated(x: Channels) -> Channels {
  switch ACTIVATION {
    case 1u: { return select(x, Channels(0.0), x <= Channels(0.0)); } // keeps NaN, which max may drop
    case 2u: { return x * sigmoid(x); }
    default: { return x; }
  }
}

// act'(x)
fn slope(x: Channels) -> Channels {
  switch ACTIVATION {
    case 1u: { return select(Channels(0.0), Channels(1.0), x > Channels(0.0)); }
    case 2u: { let s = sigmoid(x); return s * (1.0 + x * (1.0 - s)); }
    default: { return Channels(1.0); }
  }
}
