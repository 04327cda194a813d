// y[p, s, c] = Σ_q x[p, q, c] over the rows q of chunk s
// Higham 1993, "The accuracy of floating point summation". One element an invocation, for a last axis that four does not divide.
import lib::lanes1;
import lib::sum_columns;
