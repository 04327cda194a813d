// (mean(dŷ), mean(dŷ·x̂)) of each row, dŷ = dy · act'(x̂ · weight + bias) · weight, one invocation a row
// Ba et al. 2016, arXiv:1607.06450, differentiated
import lib::row_by_invocation;
import lib::norm_gradient_means_rows;
