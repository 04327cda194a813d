// (Σ_b e, Σ_b e·x̂) of each channel over each block b of rows, e = dy · act'(x̂ · weight + bias)
// Ioffe & Szegedy 2015, arXiv:1502.03167, the sums of the backward pass
import lib::channels_by_four;
import lib::norm_gradient_partials;
