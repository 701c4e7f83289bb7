// A dense layer's backward pass, with every sum in view.

import Workbook

// snippet: denseGradients
/// The backward pass of a dense layer: gradients of weights, biases and inputs.
func denseGradients(
  _ dy: Tensor, x: Tensor, w: Tensor
) -> (w: Tensor, b: Tensor, x: Tensor) {
  let dw = matrixProduct(transposed(dy), x)  // [K, N]·[N, D] = [K, D]
  let db = columnSums(dy)  // [K]
  let dx = matrixProduct(dy, w)  // [N, K]·[K, D] = [N, D]
  return (dw, db, dx)
}
// snippet.end

/// A·B, sum by sum.
private func matrixProduct(_ a: Tensor, _ b: Tensor) -> Tensor {
  var result = Tensor(zeros: [a.shape[0], b.shape[1]])
  for i in 0..<a.shape[0] {
    for j in 0..<b.shape[1] {
      result[i, j] = (0..<a.shape[1]).reduce(0) { $0 + a[i, $1] * b[$1, j] }
    }
  }
  return result
}

/// Aᵀ.
private func transposed(_ a: Tensor) -> Tensor {
  var result = Tensor(zeros: [a.shape[1], a.shape[0]])
  for i in 0..<a.shape[0] { for j in 0..<a.shape[1] { result[j, i] = a[i, j] } }
  return result
}

/// The sum of each column.
private func columnSums(_ a: Tensor) -> Tensor {
  Tensor([a.shape[1]], (0..<a.shape[1]).map { j in (0..<a.shape[0]).reduce(0) { $0 + a[$1, j] } })
}
