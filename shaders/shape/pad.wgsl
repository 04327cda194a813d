// y[r, c] = x[r, c − START], zero outside
// The transpose of a slice. Four neighbours an invocation.
import lib::lanes4;
import lib::pad;
