// dx = y ∘ (dy − Σ dy ∘ y), one invocation a row
// The Jacobian of softmax is diag(y) − y yᵀ
import lib::row_by_invocation;
import lib::softmax_gradient_rows;
