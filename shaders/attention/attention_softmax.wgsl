// p = exp(s − lse), lse = log Σ exp(s) of each row of scores, in place, one invocation a row
// Vaswani et al. 2017, arXiv:1706.03762, equation 1
import lib::row_by_invocation;
import lib::attention_softmax_rows;
