/** The layers of the bench's networks in TensorFlow.js: composed of its ops, channels last. */
import * as tf from "@tensorflow/tfjs-core";
import type { Layers } from "./networks.ts";
import { EPSILON } from "./problems.ts";
import type { WeightKind } from "./weights.ts";

/** Gives a weight by name, made at the first call. */
export type Declare = (name: string, shape: readonly number[], kind: WeightKind) => tf.Tensor;

/** Mean and variance removed along axes. */
const normalised = (x: tf.Tensor, axes: number[]): tf.Tensor => {
  const { mean, variance } = tf.moments(x, axes, true);
  return tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, EPSILON)));
};

/** x · sigmoid(x). */
export const silu = (x: tf.Tensor): tf.Tensor => tf.mul(x, tf.sigmoid(x));

/** @param x [n, h, w, c] @param scale [c] @param shift [c] */
export const groupNorm = (x: tf.Tensor, scale: tf.Tensor, shift: tf.Tensor, groups: number): tf.Tensor => {
  const [n, h, w, c] = x.shape as [number, number, number, number];
  const normal = normalised(tf.reshape(x, [n, h * w, groups, c / groups]), [1, 3]);
  return tf.add(tf.mul(tf.reshape(normal, x.shape), scale), shift);
};

/** softmax(q kᵀ / √d) v for each head. @param q [n, tq, heads·d] @param k [n, tk, heads·d] @param v [n, tk, heads·d] */
export const attention = (q: tf.Tensor, k: tf.Tensor, v: tf.Tensor, heads: number): tf.Tensor => {
  const [n, tokens, width] = q.shape as [number, number, number];
  const split = (x: tf.Tensor): tf.Tensor =>
    tf.transpose(tf.reshape(x, [n, x.shape[1]!, heads, width / heads]), [0, 2, 1, 3]);
  const scores = tf.mul(tf.matMul(split(q), split(k), false, true), 1 / Math.sqrt(width / heads));
  const y = tf.matMul(tf.softmax(scores), split(v));
  return tf.reshape(tf.transpose(y, [0, 2, 1, 3]), [n, tokens, width]);
};

/** x/2 · (1 + erf(x/√2)). */
const gelu = (x: tf.Tensor): tf.Tensor => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));

/** The layers over weights that `declare` gives. */
export const tfjsLayers = (declare: Declare): Layers<tf.Tensor> => {
  const affine = (x: tf.Tensor, name: string, channels: number): tf.Tensor =>
    tf.add(tf.mul(x, declare(`${name}.scale`, [channels], "scale")), declare(`${name}.shift`, [channels], "shift"));
  return {
    conv: (x, name, { inputs, outputs, kernel, stride = 1 }) => {
      const weight = declare(`${name}.weight`, [kernel, kernel, inputs, outputs], "conv") as tf.Tensor4D;
      return tf.conv2d(x as tf.Tensor4D, weight, stride, (kernel - 1) / 2);
    },
    batchNorm: (x, name, channels, activation) => {
      const y = affine(normalised(x, [0, 1, 2]), name, channels);
      return activation === "relu" ? tf.relu(y) : y;
    },
    groupNorm: (x, name, channels, groups, activation) => {
      const scale = declare(`${name}.scale`, [channels], "scale");
      const y = groupNorm(x, scale, declare(`${name}.shift`, [channels], "shift"), groups);
      return activation === "silu" ? silu(y) : y;
    },
    layerNorm: (x, name, channels) => affine(normalised(x, [2]), name, channels),
    linear: (x, name, inputs, outputs) => {
      const rows = tf.reshape(x, [-1, inputs]);
      const y = tf.add(
        tf.matMul(rows, declare(`${name}.weight`, [inputs, outputs], "linear")),
        declare(`${name}.bias`, [outputs], "shift"),
      );
      return tf.reshape(y, [...x.shape.slice(0, -1), outputs]);
    },
    relu: (x) => tf.relu(x),
    silu,
    geglu: (x) => {
      const [value, gate] = tf.split(x, 2, -1) as [tf.Tensor, tf.Tensor];
      return tf.mul(value, gelu(gate));
    },
    add: (a, b) => tf.add(a, b),
    addToChannels: (image, v) => tf.add(image, tf.reshape(v, [v.shape[0], 1, 1, v.shape[1]!])),
    spatialMean: (image) => tf.mean(image, [1, 2]),
    tokens: (image) => {
      const [n, h, w, c] = image.shape as [number, number, number, number];
      return tf.reshape(image, [n, h * w, c]);
    },
    image: (tokens, side, channels) => tf.reshape(tokens, [tokens.shape[0], side, side, channels]),
    attention,
    upsample: (image) => {
      const [, h, w] = image.shape as [number, number, number, number];
      return tf.image.resizeNearestNeighbor(image as tf.Tensor4D, [2 * h, 2 * w]);
    },
    concat: (a, b) => tf.concat([a, b], -1),
  };
};
