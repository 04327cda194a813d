// y[q, s] = Σ_p Σ_c x[p, q, c] over the columns c of chunk s
// Higham 1993, "The accuracy of floating point summation". One element an invocation, for a last axis that four does not divide.
import lib::lanes1;
import lib::sum_rows;
