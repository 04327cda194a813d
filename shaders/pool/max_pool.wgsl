// y[n, oy, ox, c] = max over ky, kx of x[n, oy·STRIDE + ky − PADDING, ox·STRIDE + kx − PADDING, c]; place = ky·SIZE + kx of the first
// PyTorch's MaxPool2d: padding never wins. Four neighbours an invocation.
import lib::lanes4;
import lib::max_pool;
