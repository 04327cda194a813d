// y[r, c] = x[r, c − START], zero outside
// The transpose of a slice. One element an invocation, for a last axis that four does not divide.
import lib::lanes1;
import lib::pad;
