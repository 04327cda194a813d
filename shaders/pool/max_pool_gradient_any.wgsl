// dx[n, iy, ix, c] = Σ dy[n, oy, ox, c] over the windows that (iy, ix) won
// The transpose of max_pool.wgsl as a gather: each pixel asks the windows that hold it, in a fixed order, without atomics. One element an invocation, for a last axis that four does not divide.
import lib::lanes1;
import lib::max_pool_gradient;
