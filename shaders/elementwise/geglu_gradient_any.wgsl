// dx[r, c] = dy[r, c] · gelu(x[r, C + c]), dx[r, C + c] = dy[r, c] · x[r, c] · gelu'(x[r, C + c])
// Shazeer 2020, arXiv:2002.05202. One element an invocation, for a last axis that four does not divide.
import lib::lanes1;
import lib::geglu_gradient;
