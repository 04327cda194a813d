// dx[b, t, c] = dy[b, c] where t = rows[b], else 0
// The transpose of pick_rows. Four neighbours an invocation.
import lib::lanes4;
import lib::pick_rows_gradient;
