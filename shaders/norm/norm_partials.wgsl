// (μ_b, Σ_b (x − μ_b)²) of each channel over each block b of rows
// Chan, Golub & LeVeque 1983: partial moments, to be merged by norm_merge
import lib::channels_by_four;
import lib::norm_partials;
