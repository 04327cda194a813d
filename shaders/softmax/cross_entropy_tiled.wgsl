// y = log Σ exp(logits) − logits[label], one workgroup a row
// The maximum is subtracted first, so that exp cannot overflow (Milakov & Gimelshein 2018, arXiv:1805.02867)
import lib::row_by_workgroup;
import lib::cross_entropy_rows;
