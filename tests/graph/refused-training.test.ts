/** What no training is built of: steps, their settings and gradients. */
import { describe, expect, test } from "vitest";
import { gradients } from "../../src/graph/autodiff.ts";
import { Graph } from "../../src/graph/graph.ts";
import { add, relu } from "../../src/graph/ops/elementwise.ts";
import { matmul } from "../../src/graph/ops/matmul.ts";
import { mean, sum } from "../../src/graph/ops/mean.ts";
import { batchNormInference, batchNormTraining, groupNorm } from "../../src/graph/ops/norm.ts";
import type { SgdOptions } from "../../src/graph/ops/optimizer.ts";
import { adamW, assign, clipFactor, ema, sgd } from "../../src/graph/ops/optimizer.ts";
import { reshape } from "../../src/graph/ops/shape.ts";
import type { Tensor } from "../../src/graph/tensor.ts";
import type { Build } from "./refusals.ts";
import { f32, refused, u32, w } from "./refusals.ts";

describe("only parameters change in place:", () => {
  const momentum = { momentum: 0.9, weightDecay: 0 };
  const adam = (g: Graph, second: string, step: Tensor): void => {
    const rates = { rate: g.scalar("rate"), scale: g.scalar("scale"), step };
    const settings = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 };
    adamW(w(g, "w", 2), f32(g, 2), w(g, "m", 2), w(g, second, 2), rates, settings);
  };
  refused({
    "sgd of an input": [
      (g) => sgd(f32(g, 2), f32(g, 2), w(g, "v", 2), g.scalar("rate"), g.scalar("scale"), momentum),
      "sgd: expected a parameter to change in place, got input",
    ],
    "sgd's velocity of a constant": [
      (g) => sgd(w(g, "w", 2), f32(g, 2), g.filled(0, [2]), g.scalar("rate"), g.scalar("scale"), momentum),
      "sgd: expected a parameter to change in place, got filled",
    ],
    "sgd's rate": [
      (g) => sgd(w(g, "w", 2), f32(g, 2), w(g, "v", 2), f32(g, 2), g.scalar("scale"), momentum),
      "sgd: rate: expected [1], got [2]",
    ],
    "adamW's step": [(g) => adam(g, "v", f32(g, 2)), "adamW: step: expected [1], got [2]"],
    "adamW's two moments in one": [
      (g) => adam(g, "m", g.scalar("step")),
      "adamW: expected parameters that differ, got one of them twice",
    ],
    "assign to a result": [
      (g) => assign(relu(f32(g, 2)), f32(g, 2)),
      "assign: expected a parameter to change in place, got unary",
    ],
  });
});

describe("settings that are no numbers are refused:", () => {
  const step = (options: SgdOptions): Build => {
    return (g) => sgd(w(g, "w", 2), f32(g, 2), w(g, "v", 2), g.scalar("rate"), g.scalar("scale"), options);
  };
  refused({
    "sgd's momentum": [step({ momentum: NaN, weightDecay: 0 }), "sgd: momentum: expected a finite f32, got NaN"],
    "sgd's decay that is left out": [
      step({ momentum: 0 } as SgdOptions),
      "sgd: weightDecay: expected a finite f32, got undefined",
    ],
    "ema's decay": [(g) => ema(w(g, "w", 2), f32(g, 2), Infinity), "ema: decay: expected a finite f32, got Infinity"],
    "a limit that is none": [
      (g) => clipFactor([f32(g, 2)], Infinity),
      "clipFactor: limit: expected a finite f32, got Infinity",
    ],
    "a norm's epsilon": [
      (g) => groupNorm(f32(g, 2, 4), w(g, "w", 4), w(g, "b", 4), 2, { epsilon: NaN }),
      "norm: epsilon: expected a finite f32, got NaN",
    ],
  });
});

describe("gradients that nobody has are refused:", () => {
  const norm = { epsilon: 1e-5 };
  refused({
    "by a tensor of another graph": [
      (g) => gradients(sum(w(g, "w", 2)), [w(new Graph(), "w", 2)]),
      "gradients: by: expected a tensor of this graph, got a tensor of another (parameter)",
    ],
    "by nothing": [
      (g) => gradients(sum(w(g, "w", 2)), [g.parameters.get("typo")!]),
      "gradients: by: expected a tensor of this graph, got none",
    ],
    "of an integer": [(g) => gradients(u32(g, 1), []), "gradients: element type of loss: expected f32, got u32"],
    "from a seed of several elements": [
      (g) => gradients(sum(w(g, "w", 2)), [w(g, "w", 2)], f32(g, 3)),
      "gradients: seed: expected one element, got [3]",
    ],
    "from a seed of another graph": [
      (g) => gradients(sum(w(g, "w", 2)), [w(g, "w", 2)], f32(new Graph(), 1)),
      "gradients: seed: expected a tensor of this graph",
    ],
    "by the moments of batchNormTraining": [
      (g) => {
        const x = f32(g, 8, 4);
        const { variance } = batchNormTraining(x, w(g, "w", 4), w(g, "b", 4), norm);
        return gradients(sum(variance), [x]);
      },
      "batchNormTraining: its mean and variance have no gradient",
    ],
    "by the statistics of batchNormInference": [
      (g) => {
        const m = w(g, "m", 4);
        const y = batchNormInference(f32(g, 8, 4), w(g, "w", 4), w(g, "b", 4), m, w(g, "v", 4), norm);
        return gradients(sum(y), [m]);
      },
      "batchNormInference has no gradient by its mean and variance",
    ],
    "of what was changed in place since": [
      (g) => {
        const weight = w(g, "w", 4, 4);
        const x = f32(g, 4, 4);
        const loss = mean(matmul(relu(matmul(x, weight)), reshape(weight, [4, 4])));
        const [dweight] = gradients(loss, [weight]);
        sgd(weight, dweight!, w(g, "v", 4, 4), g.scalar("rate"), g.scalar("scale"), { momentum: 0, weightDecay: 0 });
        return gradients(loss, [x]);
      },
      "matmul: its gradient reads w, which sgd changed since; take gradients first",
    ],
  });

  test("a sum's gradient reads nothing, so its terms may have changed", () => {
    const g = new Graph();
    const bias = w(g, "b", 4);
    const loss = mean(add(f32(g, 2, 4), bias));
    const [dbias] = gradients(loss, [bias]);
    assign(bias, dbias!);
    expect(() => gradients(loss, [bias])).not.toThrow();
  });
});
