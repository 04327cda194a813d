// p = exp(scale · score − lse) and dscore = scale · p ∘ (dp − Δ), both in place, one workgroup a row
// Dao et al. 2022, arXiv:2205.14135, appendix B
import lib::row_by_workgroup;
import lib::attention_scores_gradient_rows;
