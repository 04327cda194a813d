// dx = y ∘ (dy − Σ dy ∘ y), one workgroup a row
// The Jacobian of softmax is diag(y) − y yᵀ
import lib::row_by_workgroup;
import lib::softmax_gradient_rows;
