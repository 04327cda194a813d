// y[p, q, c] = x[p·SP + q·SQ + c·SC], a stride of 0 repeats
// NumPy broadcasting. Four neighbours an invocation.
import lib::lanes4;
import lib::broadcast;
