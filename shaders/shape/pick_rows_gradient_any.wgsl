// dx[b, t, c] = dy[b, c] where t = rows[b], else 0
// The transpose of pick_rows. One element an invocation, for a last axis that four does not divide.
import lib::lanes1;
import lib::pick_rows_gradient;
