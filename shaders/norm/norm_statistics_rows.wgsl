// (μ, 1/√(σ² + ε)) of each row, one invocation a row
// Ba et al. 2016, arXiv:1607.06450
import lib::row_by_invocation;
import lib::norm_statistics_rows;
