// y[p, s, c] = Σ_q x[p, q, c] over the rows q of chunk s
// Higham 1993, "The accuracy of floating point summation". Four neighbours an invocation.
import lib::lanes4;
import lib::sum_columns;
