// The Jacobian of a layer and its singular values: how it scales small changes of its input.

import NeuralNetworks
import Tensors

/// The Jacobian ∂y/∂x of a layer at one sample, [outputs, inputs], by one backward pass for each output.
///
/// - Parameters:
///   - layer: a layer or a network; a copy is used, in inference mode by default.
///   - input: one sample with its batch axis, [1, …].
///   - mode: inference or training.
public func jacobian(of layer: some Layer, at input: Tensor, mode: Mode = .inference) -> Tensor {
  demand(
    input.shape.rank > 0 && input.shape[0] == 1, "jacobian: a batch of one sample expected, got \(input.shape)")
  var layer = layer
  var output = Tensor.empty
  var pass = Pass(mode)
  layer.forward(input, into: &output, in: &pass)
  var rows: [Float] = []
  rows.reserveCapacity(output.count * input.count)
  var outputGradient = Tensor(zeros: output.shape)
  var inputGradient = Tensor(zeros: input.shape)
  for index in 0..<output.count {
    outputGradient.withUnsafeMutableElements { $0[index] = 1 }
    layer.backward(outputGradient, input: input, output: output, into: &inputGradient)
    outputGradient.withUnsafeMutableElements { $0[index] = 0 }
    rows += inputGradient.elements
  }
  return Tensor([output.count, input.count], rows)
}

/// The singular values of a matrix [rows, columns], the largest first: min(rows, columns) of them.
///
/// Uses one-sided Jacobi rotations in Double: pairs of columns are rotated until all are orthogonal; their lengths are
/// then the singular values. Slow for large matrices (O(n³) per sweep), but accurate even for small singular values.
///
/// - Source: Hestenes 1958; Demmel and Veselić 1992, doi:10.1137/0613074.
public func singularValues(of matrix: Tensor) -> [Double] {
  demand(matrix.shape.rank == 2, "singularValues: a matrix [rows, columns] expected, got \(matrix.shape)")
  let (rows, columns) = (matrix.shape[0], matrix.shape[1])
  // Rotate along the shorter side: A and Aᵀ have the same singular values.
  let (count, length) = (min(rows, columns), max(rows, columns))
  if count == 0 { return [] }
  var vectors = [Double](repeating: 0, count: count * length)
  for i in 0..<count {
    for k in 0..<length {
      vectors[i * length + k] = Double(
        rows <= columns ? matrix.elements[i * columns + k] : matrix.elements[k * columns + i])
    }
  }
  vectors.withUnsafeMutableBufferPointer { v in
    for _ in 0..<60 {
      var isDone = true
      for i in 0..<count {
        for j in i + 1..<max(i + 1, count) {
          var (a, b, c) = (0.0, 0.0, 0.0)
          let (p, q) = (i * length, j * length)
          for k in 0..<length {
            a += v[p + k] * v[p + k]
            b += v[q + k] * v[q + k]
            c += v[p + k] * v[q + k]
          }
          if abs(c) <= 1e-13 * (a * b).squareRoot() { continue }
          isDone = false
          // The rotation by the smaller of the two angles that orthogonalize the pair.
          let zeta = (b - a) / (2 * c)
          let t = (zeta < 0 ? -1 : 1) / (abs(zeta) + (1 + zeta * zeta).squareRoot())
          let cosine = 1 / (1 + t * t).squareRoot()
          let sine = cosine * t
          for k in 0..<length {
            let (x, y) = (v[p + k], v[q + k])
            v[p + k] = cosine * x - sine * y
            v[q + k] = sine * x + cosine * y
          }
        }
      }
      if isDone { break }
    }
  }
  return (0..<count).map { i in
    vectors[i * length..<(i + 1) * length].reduce(0) { $0 + $1 * $1 }.squareRoot()
  }.sorted(by: >)
}

/// The mean singular value of a layer's Jacobian over the samples of a batch. If it is near 1, the layer preserves the
/// size of signals and gradients.
///
/// - Source: Glorot and Bengio 2010, section 4.2.1: about 0.5 with the standard initialization of five tanh layers,
///   about 0.8 with their initialization.
public func meanSingularValue(of layer: some Layer, on inputs: Tensor, mode: Mode = .inference) -> Double {
  demand(inputs.shape.rank > 0 && inputs.shape[0] > 0, "meanSingularValue: samples expected, got \(inputs.shape)")
  let width = inputs.shape.withoutBatch.count
  var means: [Double] = []
  for n in 0..<inputs.shape[0] {
    let sample = Tensor(
      inputs.shape.withoutBatch.batched(1), Array(inputs.elements[n * width..<(n + 1) * width]))
    let values = singularValues(of: jacobian(of: layer, at: sample, mode: mode))
    means.append(values.reduce(0, +) / Double(max(1, values.count)))
  }
  return means.reduce(0, +) / Double(means.count)
}
