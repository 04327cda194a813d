// y[q, s] = Σ_p Σ_c x[p, q, c] over the columns c of chunk s
// Higham 1993, "The accuracy of floating point summation". Four neighbours an invocation.
import lib::lanes4;
import lib::sum_rows;
