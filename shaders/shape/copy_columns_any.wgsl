// y[r, Y_START + c] = x[r, X_START + c] for c < LENGTH
// A part of a concatenation, or a slice. One element an invocation, for a last axis that four does not divide.
import lib::lanes1;
import lib::copy_columns;
