/** Lowering of optimizer steps: parameters change in place. */
import { numberOf } from "../../../graph/tensor.ts";
import { defineLowering } from "../lowering.ts";
import { dispatchFlat } from "./bands.ts";

defineLowering("sgd", (node, context) => {
  const constants = { MOMENTUM: numberOf(node, "momentum"), DECAY: numberOf(node, "weightDecay") };
  dispatchFlat(context, { shader: "optim/sgd.wgsl", constants }, node.inputs);
});

defineLowering("adamw", (node, context) => {
  const [beta1, beta2] = [numberOf(node, "beta1"), numberOf(node, "beta2")];
  // 1 − β and ln β are taken here in f64: in f32 they lose what the first steps need.
  const constants = {
    KEEP1: beta1,
    KEEP2: beta2,
    TAKE1: 1 - beta1,
    TAKE2: 1 - beta2,
    LOG1: beta1 === 0 ? lowest : Math.log(beta1),
    LOG2: beta2 === 0 ? lowest : Math.log(beta2),
    EPSILON: numberOf(node, "epsilon"),
    DECAY: numberOf(node, "weightDecay"),
  };
  dispatchFlat(context, { shader: "optim/adamw.wgsl", constants }, node.inputs);
});

/** Stands for ln 0: constants must be finite, and e to this is 0 in f32. */
const lowest = -1000;

defineLowering("ema", (node, context) => {
  const constants = { TAKE: 1 - numberOf(node, "decay") };
  dispatchFlat(context, { shader: "optim/ema.wgsl", constants }, node.inputs);
});

defineLowering("assign", (node, context) => {
  const [target, value] = node.inputs;
  dispatchFlat(context, { shader: "elementwise/copy.wgsl", constants: {} }, [value!, target!]);
});

defineLowering("clip_factor", (node, { dispatch }) => {
  const constants = { LIMIT: numberOf(node, "limit") };
  const bindings = [...node.inputs, ...node.outputs];
  dispatch({ shader: "optim/clip_factor.wgsl", constants, bindings, workgroups: [1, 1, 1] });
});
