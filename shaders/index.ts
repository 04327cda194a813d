/** Every shader's text by its path. Written by scripts/index-shaders.mjs. */
import attentionAttentionCropKeys from "./attention/attention_crop_keys.wgsl";
import attentionAttentionDelta from "./attention/attention_delta.wgsl";
import attentionAttentionFlash from "./attention/attention_flash.wgsl";
import attentionAttentionFlashGradientKv from "./attention/attention_flash_gradient_kv.wgsl";
import attentionAttentionFlashGradientQ from "./attention/attention_flash_gradient_q.wgsl";
import attentionAttentionScoresGradient from "./attention/attention_scores_gradient.wgsl";
import attentionAttentionScoresGradientTiled from "./attention/attention_scores_gradient_tiled.wgsl";
import attentionAttentionSoftmax from "./attention/attention_softmax.wgsl";
import attentionAttentionSoftmaxTiled from "./attention/attention_softmax_tiled.wgsl";
import convConv2dRegister from "./conv/conv2d_register.wgsl";
import convConv2dSubgroup from "./conv/conv2d_subgroup.wgsl";
import convConv2dSubgroupNarrow from "./conv/conv2d_subgroup_narrow.wgsl";
import convConv2dTiled from "./conv/conv2d_tiled.wgsl";
import convConv2dWeightGradientRegister from "./conv/conv2d_weight_gradient_register.wgsl";
import convConv2dWeightGradientSubgroup from "./conv/conv2d_weight_gradient_subgroup.wgsl";
import convConv2dWeightGradientSubgroupNarrow from "./conv/conv2d_weight_gradient_subgroup_narrow.wgsl";
import convConv2dWeightGradientTiled from "./conv/conv2d_weight_gradient_tiled.wgsl";
import convWinogradResult from "./conv/winograd_result.wgsl";
import convWinogradResultGradient from "./conv/winograd_result_gradient.wgsl";
import convWinogradSource from "./conv/winograd_source.wgsl";
import convWinogradWeight from "./conv/winograd_weight.wgsl";
import convWinogradWeightGradient from "./conv/winograd_weight_gradient.wgsl";
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
import embeddingGather from "./embedding/gather.wgsl";
import embeddingGatherAny from "./embedding/gather_any.wgsl";
import embeddingGatherGradient from "./embedding/gather_gradient.wgsl";
import embeddingGatherGradientAny from "./embedding/gather_gradient_any.wgsl";
import embeddingLinkPlaces from "./embedding/link_places.wgsl";
import gemmGemmAny from "./gemm/gemm_any.wgsl";
import gemmGemmRegister from "./gemm/gemm_register.wgsl";
import gemmGemmRegisterTall from "./gemm/gemm_register_tall.wgsl";
import gemmGemmSubgroup from "./gemm/gemm_subgroup.wgsl";
import gemmGemmSubgroupTn from "./gemm/gemm_subgroup_tn.wgsl";
import gemmGemmTiled from "./gemm/gemm_tiled.wgsl";
import libActivation from "./lib/activation.wgsl";
import libAttentionFlash from "./lib/attention_flash.wgsl";
import libAttentionScores from "./lib/attention_scores.wgsl";
import libAttentionScoresGradientRows from "./lib/attention_scores_gradient_rows.wgsl";
import libAttentionSoftmaxRows from "./lib/attention_softmax_rows.wgsl";
import libAveragePool from "./lib/average_pool.wgsl";
import libBinary from "./lib/binary.wgsl";
import libBroadcast from "./lib/broadcast.wgsl";
import libChannelsByFour from "./lib/channels_by_four.wgsl";
import libChannelsByOne from "./lib/channels_by_one.wgsl";
import libConvProblem from "./lib/conv_problem.wgsl";
import libConvWeightGradientPixels from "./lib/conv_weight_gradient_pixels.wgsl";
import libConvWeightGradientProblem from "./lib/conv_weight_gradient_problem.wgsl";
import libCopyColumns from "./lib/copy_columns.wgsl";
import libCrossEntropyGradientRows from "./lib/cross_entropy_gradient_rows.wgsl";
import libCrossEntropyRows from "./lib/cross_entropy_rows.wgsl";
import libGather from "./lib/gather.wgsl";
import libGatherGradient from "./lib/gather_gradient.wgsl";
import libGeglu from "./lib/geglu.wgsl";
import libGegluGradient from "./lib/geglu_gradient.wgsl";
import libGemmProblem from "./lib/gemm_problem.wgsl";
import libGemmRegisterLoads from "./lib/gemm_register_loads.wgsl";
import libGemmSubgroupLoads from "./lib/gemm_subgroup_loads.wgsl";
import libLanes1 from "./lib/lanes1.wgsl";
import libLanes4 from "./lib/lanes4.wgsl";
import libLine from "./lib/line.wgsl";
import libMaxPool from "./lib/max_pool.wgsl";
import libMaxPoolGradient from "./lib/max_pool_gradient.wgsl";
import libNan from "./lib/nan.wgsl";
import libNormApply from "./lib/norm_apply.wgsl";
import libNormGradientMeansRows from "./lib/norm_gradient_means_rows.wgsl";
import libNormGradientPartials from "./lib/norm_gradient_partials.wgsl";
import libNormInputGradient from "./lib/norm_input_gradient.wgsl";
import libNormPartials from "./lib/norm_partials.wgsl";
import libNormStatisticsRows from "./lib/norm_statistics_rows.wgsl";
import libNormView from "./lib/norm_view.wgsl";
import libPad from "./lib/pad.wgsl";
import libPickRows from "./lib/pick_rows.wgsl";
import libPickRowsGradient from "./lib/pick_rows_gradient.wgsl";
import libRowByInvocation from "./lib/row_by_invocation.wgsl";
import libRowByWorkgroup from "./lib/row_by_workgroup.wgsl";
import libSoftmaxGradientRows from "./lib/softmax_gradient_rows.wgsl";
import libSoftmaxRows from "./lib/softmax_rows.wgsl";
import libSumColumns from "./lib/sum_columns.wgsl";
import libSumRows from "./lib/sum_rows.wgsl";
import libUpsample from "./lib/upsample.wgsl";
import libWholeVectors from "./lib/whole_vectors.wgsl";
import libWinograd from "./lib/winograd.wgsl";
import normNorm from "./norm/norm.wgsl";
import normNormAny from "./norm/norm_any.wgsl";
import normNormGradientMeansRows from "./norm/norm_gradient_means_rows.wgsl";
import normNormGradientMeansRowsTiled from "./norm/norm_gradient_means_rows_tiled.wgsl";
import normNormGradientPartials from "./norm/norm_gradient_partials.wgsl";
import normNormGradientPartialsAny from "./norm/norm_gradient_partials_any.wgsl";
import normNormInputGradient from "./norm/norm_input_gradient.wgsl";
import normNormInputGradientAny from "./norm/norm_input_gradient_any.wgsl";
import normNormMeansOfSums from "./norm/norm_means_of_sums.wgsl";
import normNormMerge from "./norm/norm_merge.wgsl";
import normNormMoments from "./norm/norm_moments.wgsl";
import normNormParametersOfSums from "./norm/norm_parameters_of_sums.wgsl";
import normNormPartials from "./norm/norm_partials.wgsl";
import normNormPartialsAny from "./norm/norm_partials_any.wgsl";
import normNormStatisticsOf from "./norm/norm_statistics_of.wgsl";
import normNormStatisticsRows from "./norm/norm_statistics_rows.wgsl";
import normNormStatisticsRowsTiled from "./norm/norm_statistics_rows_tiled.wgsl";
import normNormSumBlocks from "./norm/norm_sum_blocks.wgsl";
import optimAdamw from "./optim/adamw.wgsl";
import optimClipFactor from "./optim/clip_factor.wgsl";
import optimEma from "./optim/ema.wgsl";
import optimSgd from "./optim/sgd.wgsl";
import poolAveragePool from "./pool/average_pool.wgsl";
import poolAveragePoolAny from "./pool/average_pool_any.wgsl";
import poolMaxPool from "./pool/max_pool.wgsl";
import poolMaxPoolAny from "./pool/max_pool_any.wgsl";
import poolMaxPoolGradient from "./pool/max_pool_gradient.wgsl";
import poolMaxPoolGradientAny from "./pool/max_pool_gradient_any.wgsl";
import poolUpsample from "./pool/upsample.wgsl";
import poolUpsampleAny from "./pool/upsample_any.wgsl";
import randomRandom from "./random/random.wgsl";
import reduceBroadcast from "./reduce/broadcast.wgsl";
import reduceBroadcastAny from "./reduce/broadcast_any.wgsl";
import reduceSumAll from "./reduce/sum_all.wgsl";
import reduceSumColumns from "./reduce/sum_columns.wgsl";
import reduceSumColumnsAny from "./reduce/sum_columns_any.wgsl";
import reduceSumRows from "./reduce/sum_rows.wgsl";
import reduceSumRowsAny from "./reduce/sum_rows_any.wgsl";
import reduceSumRowsTiled from "./reduce/sum_rows_tiled.wgsl";
import reduceSumSplits from "./reduce/sum_splits.wgsl";
import searchTopK from "./search/top_k.wgsl";
import shapeCopyColumns from "./shape/copy_columns.wgsl";
import shapeCopyColumnsAny from "./shape/copy_columns_any.wgsl";
import shapePad from "./shape/pad.wgsl";
import shapePadAny from "./shape/pad_any.wgsl";
import shapePickRows from "./shape/pick_rows.wgsl";
import shapePickRowsAny from "./shape/pick_rows_any.wgsl";
import shapePickRowsGradient from "./shape/pick_rows_gradient.wgsl";
import shapePickRowsGradientAny from "./shape/pick_rows_gradient_any.wgsl";
import softmaxCrossEntropy from "./softmax/cross_entropy.wgsl";
import softmaxCrossEntropyGradient from "./softmax/cross_entropy_gradient.wgsl";
import softmaxCrossEntropyGradientTiled from "./softmax/cross_entropy_gradient_tiled.wgsl";
import softmaxCrossEntropyTiled from "./softmax/cross_entropy_tiled.wgsl";
import softmaxSoftmax from "./softmax/softmax.wgsl";
import softmaxSoftmaxGradient from "./softmax/softmax_gradient.wgsl";
import softmaxSoftmaxGradientTiled from "./softmax/softmax_gradient_tiled.wgsl";
import softmaxSoftmaxTiled from "./softmax/softmax_tiled.wgsl";
import softmaxTop1 from "./softmax/top1.wgsl";

/** File texts by path below `shaders/`. */
export const shaderSources: ReadonlyMap<string, string> = new Map([
  ["attention/attention_crop_keys.wgsl", attentionAttentionCropKeys],
  ["attention/attention_delta.wgsl", attentionAttentionDelta],
  ["attention/attention_flash.wgsl", attentionAttentionFlash],
  ["attention/attention_flash_gradient_kv.wgsl", attentionAttentionFlashGradientKv],
  ["attention/attention_flash_gradient_q.wgsl", attentionAttentionFlashGradientQ],
  ["attention/attention_scores_gradient.wgsl", attentionAttentionScoresGradient],
  ["attention/attention_scores_gradient_tiled.wgsl", attentionAttentionScoresGradientTiled],
  ["attention/attention_softmax.wgsl", attentionAttentionSoftmax],
  ["attention/attention_softmax_tiled.wgsl", attentionAttentionSoftmaxTiled],
  ["conv/conv2d_register.wgsl", convConv2dRegister],
  ["conv/conv2d_subgroup.wgsl", convConv2dSubgroup],
  ["conv/conv2d_subgroup_narrow.wgsl", convConv2dSubgroupNarrow],
  ["conv/conv2d_tiled.wgsl", convConv2dTiled],
  ["conv/conv2d_weight_gradient_register.wgsl", convConv2dWeightGradientRegister],
  ["conv/conv2d_weight_gradient_subgroup.wgsl", convConv2dWeightGradientSubgroup],
  ["conv/conv2d_weight_gradient_subgroup_narrow.wgsl", convConv2dWeightGradientSubgroupNarrow],
  ["conv/conv2d_weight_gradient_tiled.wgsl", convConv2dWeightGradientTiled],
  ["conv/winograd_result.wgsl", convWinogradResult],
  ["conv/winograd_result_gradient.wgsl", convWinogradResultGradient],
  ["conv/winograd_source.wgsl", convWinogradSource],
  ["conv/winograd_weight.wgsl", convWinogradWeight],
  ["conv/winograd_weight_gradient.wgsl", convWinogradWeightGradient],
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
  ["embedding/gather.wgsl", embeddingGather],
  ["embedding/gather_any.wgsl", embeddingGatherAny],
  ["embedding/gather_gradient.wgsl", embeddingGatherGradient],
  ["embedding/gather_gradient_any.wgsl", embeddingGatherGradientAny],
  ["embedding/link_places.wgsl", embeddingLinkPlaces],
  ["gemm/gemm_any.wgsl", gemmGemmAny],
  ["gemm/gemm_register.wgsl", gemmGemmRegister],
  ["gemm/gemm_register_tall.wgsl", gemmGemmRegisterTall],
  ["gemm/gemm_subgroup.wgsl", gemmGemmSubgroup],
  ["gemm/gemm_subgroup_tn.wgsl", gemmGemmSubgroupTn],
  ["gemm/gemm_tiled.wgsl", gemmGemmTiled],
  ["lib/activation.wgsl", libActivation],
  ["lib/attention_flash.wgsl", libAttentionFlash],
  ["lib/attention_scores.wgsl", libAttentionScores],
  ["lib/attention_scores_gradient_rows.wgsl", libAttentionScoresGradientRows],
  ["lib/attention_softmax_rows.wgsl", libAttentionSoftmaxRows],
  ["lib/average_pool.wgsl", libAveragePool],
  ["lib/binary.wgsl", libBinary],
  ["lib/broadcast.wgsl", libBroadcast],
  ["lib/channels_by_four.wgsl", libChannelsByFour],
  ["lib/channels_by_one.wgsl", libChannelsByOne],
  ["lib/conv_problem.wgsl", libConvProblem],
  ["lib/conv_weight_gradient_pixels.wgsl", libConvWeightGradientPixels],
  ["lib/conv_weight_gradient_problem.wgsl", libConvWeightGradientProblem],
  ["lib/copy_columns.wgsl", libCopyColumns],
  ["lib/cross_entropy_gradient_rows.wgsl", libCrossEntropyGradientRows],
  ["lib/cross_entropy_rows.wgsl", libCrossEntropyRows],
  ["lib/gather.wgsl", libGather],
  ["lib/gather_gradient.wgsl", libGatherGradient],
  ["lib/geglu.wgsl", libGeglu],
  ["lib/geglu_gradient.wgsl", libGegluGradient],
  ["lib/gemm_problem.wgsl", libGemmProblem],
  ["lib/gemm_register_loads.wgsl", libGemmRegisterLoads],
  ["lib/gemm_subgroup_loads.wgsl", libGemmSubgroupLoads],
  ["lib/lanes1.wgsl", libLanes1],
  ["lib/lanes4.wgsl", libLanes4],
  ["lib/line.wgsl", libLine],
  ["lib/max_pool.wgsl", libMaxPool],
  ["lib/max_pool_gradient.wgsl", libMaxPoolGradient],
  ["lib/nan.wgsl", libNan],
  ["lib/norm_apply.wgsl", libNormApply],
  ["lib/norm_gradient_means_rows.wgsl", libNormGradientMeansRows],
  ["lib/norm_gradient_partials.wgsl", libNormGradientPartials],
  ["lib/norm_input_gradient.wgsl", libNormInputGradient],
  ["lib/norm_partials.wgsl", libNormPartials],
  ["lib/norm_statistics_rows.wgsl", libNormStatisticsRows],
  ["lib/norm_view.wgsl", libNormView],
  ["lib/pad.wgsl", libPad],
  ["lib/pick_rows.wgsl", libPickRows],
  ["lib/pick_rows_gradient.wgsl", libPickRowsGradient],
  ["lib/row_by_invocation.wgsl", libRowByInvocation],
  ["lib/row_by_workgroup.wgsl", libRowByWorkgroup],
  ["lib/softmax_gradient_rows.wgsl", libSoftmaxGradientRows],
  ["lib/softmax_rows.wgsl", libSoftmaxRows],
  ["lib/sum_columns.wgsl", libSumColumns],
  ["lib/sum_rows.wgsl", libSumRows],
  ["lib/upsample.wgsl", libUpsample],
  ["lib/whole_vectors.wgsl", libWholeVectors],
  ["lib/winograd.wgsl", libWinograd],
  ["norm/norm.wgsl", normNorm],
  ["norm/norm_any.wgsl", normNormAny],
  ["norm/norm_gradient_means_rows.wgsl", normNormGradientMeansRows],
  ["norm/norm_gradient_means_rows_tiled.wgsl", normNormGradientMeansRowsTiled],
  ["norm/norm_gradient_partials.wgsl", normNormGradientPartials],
  ["norm/norm_gradient_partials_any.wgsl", normNormGradientPartialsAny],
  ["norm/norm_input_gradient.wgsl", normNormInputGradient],
  ["norm/norm_input_gradient_any.wgsl", normNormInputGradientAny],
  ["norm/norm_means_of_sums.wgsl", normNormMeansOfSums],
  ["norm/norm_merge.wgsl", normNormMerge],
  ["norm/norm_moments.wgsl", normNormMoments],
  ["norm/norm_parameters_of_sums.wgsl", normNormParametersOfSums],
  ["norm/norm_partials.wgsl", normNormPartials],
  ["norm/norm_partials_any.wgsl", normNormPartialsAny],
  ["norm/norm_statistics_of.wgsl", normNormStatisticsOf],
  ["norm/norm_statistics_rows.wgsl", normNormStatisticsRows],
  ["norm/norm_statistics_rows_tiled.wgsl", normNormStatisticsRowsTiled],
  ["norm/norm_sum_blocks.wgsl", normNormSumBlocks],
  ["optim/adamw.wgsl", optimAdamw],
  ["optim/clip_factor.wgsl", optimClipFactor],
  ["optim/ema.wgsl", optimEma],
  ["optim/sgd.wgsl", optimSgd],
  ["pool/average_pool.wgsl", poolAveragePool],
  ["pool/average_pool_any.wgsl", poolAveragePoolAny],
  ["pool/max_pool.wgsl", poolMaxPool],
  ["pool/max_pool_any.wgsl", poolMaxPoolAny],
  ["pool/max_pool_gradient.wgsl", poolMaxPoolGradient],
  ["pool/max_pool_gradient_any.wgsl", poolMaxPoolGradientAny],
  ["pool/upsample.wgsl", poolUpsample],
  ["pool/upsample_any.wgsl", poolUpsampleAny],
  ["random/random.wgsl", randomRandom],
  ["reduce/broadcast.wgsl", reduceBroadcast],
  ["reduce/broadcast_any.wgsl", reduceBroadcastAny],
  ["reduce/sum_all.wgsl", reduceSumAll],
  ["reduce/sum_columns.wgsl", reduceSumColumns],
  ["reduce/sum_columns_any.wgsl", reduceSumColumnsAny],
  ["reduce/sum_rows.wgsl", reduceSumRows],
  ["reduce/sum_rows_any.wgsl", reduceSumRowsAny],
  ["reduce/sum_rows_tiled.wgsl", reduceSumRowsTiled],
  ["reduce/sum_splits.wgsl", reduceSumSplits],
  ["search/top_k.wgsl", searchTopK],
  ["shape/copy_columns.wgsl", shapeCopyColumns],
  ["shape/copy_columns_any.wgsl", shapeCopyColumnsAny],
  ["shape/pad.wgsl", shapePad],
  ["shape/pad_any.wgsl", shapePadAny],
  ["shape/pick_rows.wgsl", shapePickRows],
  ["shape/pick_rows_any.wgsl", shapePickRowsAny],
  ["shape/pick_rows_gradient.wgsl", shapePickRowsGradient],
  ["shape/pick_rows_gradient_any.wgsl", shapePickRowsGradientAny],
  ["softmax/cross_entropy.wgsl", softmaxCrossEntropy],
  ["softmax/cross_entropy_gradient.wgsl", softmaxCrossEntropyGradient],
  ["softmax/cross_entropy_gradient_tiled.wgsl", softmaxCrossEntropyGradientTiled],
  ["softmax/cross_entropy_tiled.wgsl", softmaxCrossEntropyTiled],
  ["softmax/softmax.wgsl", softmaxSoftmax],
  ["softmax/softmax_gradient.wgsl", softmaxSoftmaxGradient],
  ["softmax/softmax_gradient_tiled.wgsl", softmaxSoftmaxGradientTiled],
  ["softmax/softmax_tiled.wgsl", softmaxSoftmaxTiled],
  ["softmax/top1.wgsl", softmaxTop1],
]);
