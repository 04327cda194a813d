// y[i] = f(a[i], b[i at its broadcast place]), f one of +, −, ·, /
// NumPy broadcasting. One element an invocation, for a last axis that four does not divide.
import lib::lanes1;
import lib::binary;
