// y[i] = f(a[i], b[i at its broadcast place]), f one of +, −, ·, /
// NumPy broadcasting. Four neighbours an invocation.
import lib::lanes4;
import lib::binary;
