// y[b, c] = x[b, rows[b], c]
// Radford et al. 2021, arXiv:2103.00020, section 2.4. One element an invocation, for a last axis that four does not divide.
import lib::lanes1;
import lib::pick_rows;
