/** The two networks of the bench, written once; each library brings the layers. */

/** A convolution's sizes; padding keeps the side at stride 1 and halves it at stride 2. */
export interface ConvOptions {
  readonly inputs: number;
  readonly outputs: number;
  readonly kernel: 1 | 3;
  readonly stride?: 1 | 2;
}

/** The layers of a library over its own tensors. Names are those of the weights, of which each layer declares its own. */
export interface Layers<T> {
  /** Without bias. */
  conv(x: T, name: string, options: ConvOptions): T;
  /** With the batch's own statistics. */
  batchNorm(x: T, name: string, channels: number, activation: "none" | "relu"): T;
  groupNorm(x: T, name: string, channels: number, groups: number, activation: "none" | "silu"): T;
  /** Over the last axis of tokens. */
  layerNorm(x: T, name: string, channels: number): T;
  linear(x: T, name: string, inputs: number, outputs: number): T;
  relu(x: T): T;
  silu(x: T): T;
  /** The first half of the last axis times gelu of the second. */
  geglu(x: T): T;
  add(a: T, b: T): T;
  /** An image plus one number a channel. @param v [n, c] */
  addToChannels(image: T, v: T): T;
  /** [n, c] */
  spatialMean(image: T): T;
  /** An image as [n, pixels, c]. */
  tokens(image: T): T;
  image(tokens: T, side: number, channels: number): T;
  attention(q: T, k: T, v: T, heads: number): T;
  /** Each pixel twice in both directions. */
  upsample(image: T): T;
  /** Joins channels of images. */
  concat(a: T, b: T): T;
}

/** A network's inputs, sizes without the batch, in the engine's layout. */
export const networkInputs = {
  resnet: { images: [32, 32, 3], labels: [10] },
  unet: { latents: [8, 8, 4], time: [64], context: [24, 96], noise: [8, 8, 4] },
} as const;

/** The learning rate and momentum of both. */
export const optimizer = { rate: 0.01, momentum: 0.9 } as const;

const WIDTHS = [16, 32, 64] as const;

/** A residual network of one bottleneck a stage. @param images [n, 32, 32, 3] @returns logits [n, 10] */
export const resnet = <T>(layers: Layers<T>, images: T): T => {
  let x = convNorm(layers, images, "stem", { inputs: 3, outputs: WIDTHS[0], kernel: 3 }, "relu");
  let inputs: number = WIDTHS[0];
  WIDTHS.forEach((width, stage) => {
    const name = `stage${String(stage)}`;
    const stride = stage === 0 ? 1 : 2;
    const outputs = 4 * width;
    let y = convNorm(layers, x, `${name}.1`, { inputs, outputs: width, kernel: 1 }, "relu");
    y = convNorm(layers, y, `${name}.2`, { inputs: width, outputs: width, kernel: 3, stride }, "relu");
    y = convNorm(layers, y, `${name}.3`, { inputs: width, outputs, kernel: 1 }, "none");
    const shortcut = convNorm(layers, x, `${name}.shortcut`, { inputs, outputs, kernel: 1, stride }, "none");
    x = layers.relu(layers.add(y, shortcut));
    inputs = outputs;
  });
  return layers.linear(layers.spatialMean(x), "head", inputs, networkInputs.resnet.labels[0]);
};

const convNorm = <T>(layers: Layers<T>, x: T, name: string, options: ConvOptions, activation: "none" | "relu"): T =>
  layers.batchNorm(layers.conv(x, `${name}.conv`, options), `${name}.norm`, options.outputs, activation);

const GROUPS = 16;
const HEADS = 4;
const CONTEXT = networkInputs.unet.context[1];
const TIME = networkInputs.unet.time[0];

/**
 * A denoiser of two levels with a transformer at the lower one and in the middle, as the mini world's.
 *
 * @param latents [n, 8, 8, 4]
 * @param time [n, 64], sinusoids
 * @param context [n, 24, 96]
 * @returns predicted noise, as latents
 */
export const unet = <T>(layers: Layers<T>, { latents, time, context }: { latents: T; time: T; context: T }): T => {
  const embedding = layers.silu(
    layers.linear(layers.silu(layers.linear(time, "time.1", TIME, 128)), "time.2", 128, 128),
  );
  const residual = (x: T, name: string, inputs: number, outputs: number): T => {
    let h = layers.groupNorm(x, `${name}.norm1`, inputs, GROUPS, "silu");
    h = layers.conv(h, `${name}.conv1`, { inputs, outputs, kernel: 3 });
    h = layers.addToChannels(h, layers.linear(embedding, `${name}.time`, 128, outputs));
    h = layers.groupNorm(h, `${name}.norm2`, outputs, GROUPS, "silu");
    h = layers.conv(h, `${name}.conv2`, { inputs: outputs, outputs, kernel: 3 });
    return layers.add(h, inputs === outputs ? x : layers.conv(x, `${name}.shortcut`, { inputs, outputs, kernel: 1 }));
  };
  const first = layers.conv(latents, "in", { inputs: 4, outputs: 64, kernel: 3 });
  const upper = residual(first, "down0", 64, 64);
  const lower = layers.conv(upper, "shrink", { inputs: 64, outputs: 64, kernel: 3, stride: 2 });
  const low = transformer(layers, residual(lower, "down1", 64, 128), context, "down1.attention");
  let x = transformer(layers, residual(low, "middle0", 128, 128), context, "middle.attention");
  x = residual(x, "middle1", 128, 128);
  x = transformer(layers, residual(layers.concat(x, low), "up1", 256, 128), context, "up1.attention");
  x = layers.conv(layers.upsample(x), "grow", { inputs: 128, outputs: 128, kernel: 3 });
  x = residual(layers.concat(x, upper), "up0", 192, 64);
  return layers.conv(layers.groupNorm(x, "out.norm", 64, GROUPS, "silu"), "out", { inputs: 64, outputs: 4, kernel: 3 });
};

/** Self-attention, cross-attention and a gated feed-forward layer over an image of 4×4 pixels and 128 channels. */
const transformer = <T>(layers: Layers<T>, x: T, context: T, name: string): T => {
  const width = 128;
  const attend = (q: T, kv: T, inputs: number, place: string): T => {
    const [a, b, c] = [
      layers.linear(q, `${place}.q`, width, width),
      layers.linear(kv, `${place}.k`, inputs, width),
      layers.linear(kv, `${place}.v`, inputs, width),
    ];
    return layers.linear(layers.attention(a, b, c, HEADS), `${place}.out`, width, width);
  };
  const norm = layers.groupNorm(x, `${name}.norm`, width, GROUPS, "none");
  let t = layers.tokens(layers.conv(norm, `${name}.in`, { inputs: width, outputs: width, kernel: 1 }));
  const self = layers.layerNorm(t, `${name}.norm1`, width);
  t = layers.add(attend(self, self, width, `${name}.self`), t);
  t = layers.add(attend(layers.layerNorm(t, `${name}.norm2`, width), context, CONTEXT, `${name}.cross`), t);
  const gated = layers.geglu(
    layers.linear(layers.layerNorm(t, `${name}.norm3`, width), `${name}.ff1`, width, 8 * width),
  );
  t = layers.add(layers.linear(gated, `${name}.ff2`, 4 * width, width), t);
  const y = layers.conv(layers.image(t, 4, width), `${name}.out`, { inputs: width, outputs: width, kernel: 1 });
  return layers.add(y, x);
};
