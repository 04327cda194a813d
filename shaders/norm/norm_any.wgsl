// y = act((x − μ) · rstd · weight + bias)
// Wu & He 2018, arXiv:1803.08494, equations 1 and 6
import lib::channels_by_one;
import lib::norm_apply;
