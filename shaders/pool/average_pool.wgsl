// y[n, oy, ox, c] = SCALE · Σ over ky, kx of x[n, oy·SIZE + ky, ox·SIZE + kx, c]
// PyTorch's AvgPool2d with SCALE = 1/SIZE², and the transpose of upsampling. Four neighbours an invocation.
import lib::lanes4;
import lib::average_pool;
