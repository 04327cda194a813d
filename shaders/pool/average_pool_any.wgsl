// y[n, oy, ox, c] = SCALE · Σ over ky, kx of x[n, oy·SIZE + ky, ox·SIZE + kx, c]
// PyTorch's AvgPool2d with SCALE = 1/SIZE², and the transpose of upsampling. One element an invocation, for a last axis that four does not divide.
import lib::lanes1;
import lib::average_pool;
