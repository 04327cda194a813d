// dlogits = (softmax(logits) − onehot(label)) · dy, one invocation a row
// Bridle 1990: the gradient of the negative log likelihood of a softmax
import lib::row_by_invocation;
import lib::cross_entropy_gradient_rows;
