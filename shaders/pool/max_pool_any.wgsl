// y[n, oy, ox, c] = max over ky, kx of x[n, oy·STRIDE + ky − PADDING, ox·STRIDE + kx − PADDING, c]; place = ky·SIZE + kx of the first
// PyTorch's MaxPool2d: padding never wins. One element an invocation, for a last axis that four does not divide.
import lib::lanes1;
import lib::max_pool;
