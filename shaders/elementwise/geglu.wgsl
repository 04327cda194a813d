// y[r, c] = x[r, c] · gelu(x[r, C + c])
// Shazeer 2020, arXiv:2002.05202. Four neighbours an invocation.
import lib::lanes4;
import lib::geglu;
