// (μ, 1/√(σ² + ε)) of each row, one workgroup a row
// Ba et al. 2016, arXiv:1607.06450
import lib::row_by_workgroup;
import lib::norm_statistics_rows;
