// y[p, q, c] = x[p·SP + q·SQ + c·SC], a stride of 0 repeats
// NumPy broadcasting. One element an invocation, for a last axis that four does not divide.
import lib::lanes1;
import lib::broadcast;
