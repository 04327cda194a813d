/** Every shader's text by its path. Written by scripts/index-shaders.mjs. */
import elementwiseAffine from "./elementwise/affine.wgsl";
import elementwiseBinary from "./elementwise/binary.wgsl";
import elementwiseBinaryAny from "./elementwise/binary_any.wgsl";
import elementwiseCombine from "./elementwise/combine.wgsl";
import elementwiseCopy from "./elementwise/copy.wgsl";
import elementwiseFilled from "./elementwise/filled.wgsl";
import elementwiseGeglu from "./elementwise/geglu.wgsl";
import elementwiseGegluAny from "./elementwise/geglu_any.wgsl";
import elementwiseGegluGradient from "./elementwise/geglu_gradient.wgsl";
import elementwiseGegluGradientAny from "./elementwise/geglu_gradient_any.wgsl";
import elementwiseUnary from "./elementwise/unary.wgsl";
import elementwiseUnaryGradient from "./elementwise/unary_gradient.wgsl";
import elementwiseWiden from "./elementwise/widen.wgsl";
import gemmGemmAny from "./gemm/gemm_any.wgsl";
import gemmGemmRegister from "./gemm/gemm_register.wgsl";
import gemmGemmSubgroup from "./gemm/gemm_subgroup.wgsl";
import gemmGemmSubgroupTn from "./gemm/gemm_subgroup_tn.wgsl";
import gemmGemmTiled from "./gemm/gemm_tiled.wgsl";
import libActivation from "./lib/activation.wgsl";
import libBinary from "./lib/binary.wgsl";
import libGeglu from "./lib/geglu.wgsl";
import libGegluGradient from "./lib/geglu_gradient.wgsl";
import libGemmProblem from "./lib/gemm_problem.wgsl";
import libLanes1 from "./lib/lanes1.wgsl";
import libLanes4 from "./lib/lanes4.wgsl";
import libLine from "./lib/line.wgsl";
import libSumColumns from "./lib/sum_columns.wgsl";
import reduceSumSplits from "./reduce/sum_splits.wgsl";

/** File texts by path below `shaders/`. */
export const shaderSources: ReadonlyMap<string, string> = new Map([
  ["elementwise/affine.wgsl", elementwiseAffine],
  ["elementwise/binary.wgsl", elementwiseBinary],
  ["elementwise/binary_any.wgsl", elementwiseBinaryAny],
  ["elementwise/combine.wgsl", elementwiseCombine],
  ["elementwise/copy.wgsl", elementwiseCopy],
  ["elementwise/filled.wgsl", elementwiseFilled],
  ["elementwise/geglu.wgsl", elementwiseGeglu],
  ["elementwise/geglu_any.wgsl", elementwiseGegluAny],
  ["elementwise/geglu_gradient.wgsl", elementwiseGegluGradient],
  ["elementwise/geglu_gradient_any.wgsl", elementwiseGegluGradientAny],
  ["elementwise/unary.wgsl", elementwiseUnary],
  ["elementwise/unary_gradient.wgsl", elementwiseUnaryGradient],
  ["elementwise/widen.wgsl", elementwiseWiden],
  ["gemm/gemm_any.wgsl", gemmGemmAny],
  ["gemm/gemm_register.wgsl", gemmGemmRegister],
  ["gemm/gemm_subgroup.wgsl", gemmGemmSubgroup],
  ["gemm/gemm_subgroup_tn.wgsl", gemmGemmSubgroupTn],
  ["gemm/gemm_tiled.wgsl", gemmGemmTiled],
  ["lib/activation.wgsl", libActivation],
  ["lib/binary.wgsl", libBinary],
  ["lib/geglu.wgsl", libGeglu],
  ["lib/geglu_gradient.wgsl", libGegluGradient],
  ["lib/gemm_problem.wgsl", libGemmProblem],
  ["lib/lanes1.wgsl", libLanes1],
  ["lib/lanes4.wgsl", libLanes4],
  ["lib/line.wgsl", libLine],
  ["lib/sum_columns.wgsl", libSumColumns],
  ["reduce/sum_splits.wgsl", reduceSumSplits],
]);
