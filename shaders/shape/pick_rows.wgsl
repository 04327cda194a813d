// y[b, c] = x[b, rows[b], c]
// Radford et al. 2021, arXiv:2103.00020, section 2.4. Four neighbours an invocation.
import lib::lanes4;
import lib::pick_rows;
