/** The layers of the bench's networks in jax-js: composed of its ops, channels first. */
import { lax, nn, numpy as np } from "@jax-js/jax";
import type { Layers } from "./networks.ts";
import { EPSILON } from "./problems.ts";
import type { WeightKind } from "./weights.ts";

/** Gives a weight by name. Convolutions' weights are [co, ci, kh, kw]. */
export type Declare = (name: string, shape: readonly number[], kind: WeightKind) => np.Array;

// jax-js moves what it is given, hence `.ref` wherever a tensor is used: each layer leaves its inputs to others.

/** Mean and variance removed along axes. */
const normalised = (x: np.Array, axes: number[]): np.Array => {
  const centred = x.ref.sub(np.mean(x.ref, axes, { keepdims: true }));
  const variance = np.mean(np.square(centred.ref), axes, { keepdims: true });
  return centred.div(np.sqrt(variance.add(EPSILON)));
};

/** x · sigmoid(x). */
export const silu = (x: np.Array): np.Array => nn.silu(x.ref);

/** @param x [n, c, h, w] @param scale [c] @param shift [c] */
export const groupNorm = (x: np.Array, scale: np.Array, shift: np.Array, groups: number): np.Array => {
  const [n, c, h, w] = x.shape as [number, number, number, number];
  const normal = normalised(x.ref.reshape([n, groups, (c / groups) * h * w]), [2]).reshape([n, c, h, w]);
  return normal.mul(scale.ref.reshape([c, 1, 1])).add(shift.ref.reshape([c, 1, 1]));
};

/** softmax(q kᵀ / √d) v for each head. @param q [n, tq, heads·d] @param k [n, tk, heads·d] @param v [n, tk, heads·d] */
export const attention = (q: np.Array, k: np.Array, v: np.Array, heads: number): np.Array => {
  const split = (x: np.Array): np.Array => {
    const [n, tokens, width] = x.shape as [number, number, number];
    return x.ref.reshape([n, tokens, heads, width / heads]);
  };
  return nn.dotProductAttention(split(q), split(k), split(v)).reshape(q.shape);
};

/** A convolution with equal padding on all sides. @param x [n, ci, h, w] @param weight [co, ci, k, k] */
export const conv = (x: np.Array, weight: np.Array, stride: number, padding: number): np.Array => {
  const sides: [number, number] = [padding, padding];
  return lax.convGeneralDilated(x.ref, weight.ref, [stride, stride], [sides, sides]);
};

/** The layers over weights that `declare` gives. */
export const jaxLayers = (declare: Declare): Layers<np.Array> => {
  const scaleAndShift = (name: string, channels: number): [np.Array, np.Array] => [
    declare(`${name}.scale`, [channels], "scale"),
    declare(`${name}.shift`, [channels], "shift"),
  ];
  return {
    conv: (x, name, { inputs, outputs, kernel, stride = 1 }) =>
      conv(x, declare(`${name}.weight`, [kernel, kernel, inputs, outputs], "conv"), stride, (kernel - 1) / 2),
    batchNorm: (x, name, channels, activation) => {
      const [scale, shift] = scaleAndShift(name, channels);
      const normal = normalised(x, [0, 2, 3]);
      const y = normal.mul(scale.ref.reshape([channels, 1, 1])).add(shift.ref.reshape([channels, 1, 1]));
      return activation === "relu" ? nn.relu(y) : y;
    },
    groupNorm: (x, name, channels, groups, activation) => {
      const y = groupNorm(x, ...scaleAndShift(name, channels), groups);
      return activation === "silu" ? nn.silu(y) : y;
    },
    layerNorm: (x, name, channels) => {
      const [scale, shift] = scaleAndShift(name, channels);
      return normalised(x, [2]).mul(scale.ref).add(shift.ref);
    },
    linear: (x, name, inputs, outputs) =>
      np
        .matmul(x.ref, declare(`${name}.weight`, [inputs, outputs], "linear").ref)
        .add(declare(`${name}.bias`, [outputs], "shift").ref),
    relu: (x) => nn.relu(x.ref),
    silu,
    geglu: (x) => {
      const [value, gate] = np.split(x.ref, 2, -1) as [np.Array, np.Array];
      return value.mul(nn.gelu(gate, { approximate: false }));
    },
    add: (a, b) => a.ref.add(b.ref),
    addToChannels: (image, v) => image.ref.add(v.ref.reshape([v.shape[0]!, v.shape[1]!, 1, 1])),
    spatialMean: (image) => np.mean(image.ref, [2, 3]),
    tokens: (image) => {
      const [n, c, h, w] = image.shape as [number, number, number, number];
      return image.ref.reshape([n, c, h * w]).transpose([0, 2, 1]);
    },
    image: (tokens, side, channels) =>
      tokens.ref.transpose([0, 2, 1]).reshape([tokens.shape[0]!, channels, side, side]),
    attention,
    upsample: (image) => np.repeat(np.repeat(image.ref, 2, 2), 2, 3),
    concat: (a, b) => np.concatenate([a.ref, b.ref], 1),
  };
};
