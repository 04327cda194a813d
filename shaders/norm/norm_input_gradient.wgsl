// dx = rstd · (dŷ − mean(dŷ) − x̂ · mean(dŷ·x̂)), dŷ = dy · act'(x̂ · weight + bias) · weight
// Ioffe & Szegedy 2015, arXiv:1502.03167
import lib::channels_by_four;
import lib::norm_input_gradient;
