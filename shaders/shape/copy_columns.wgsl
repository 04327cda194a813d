// y[r, Y_START + c] = x[r, X_START + c] for c < LENGTH
// A part of a concatenation, or a slice. Four neighbours an invocation.
import lib::lanes4;
import lib::copy_columns;
