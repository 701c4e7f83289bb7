// Solution of exercise 11.1: Residual block, forward and backward.

import ExerciseKit

/// Exercise 11.1 · Residual block, forward and backward.
public enum Ex11_1_ResidualBlock: Ex11_1 {
  /// Returns the output of a residual block of two dense layers, y = max(0, x + F(x)) with F(x) = max(0, x·w1ᵀ)·w2ᵀ.
  ///
  /// The sum comes first, then the last ReLU. There are no biases.
  ///
  /// - Parameters:
  ///   - input: x, [N, D]; read `input[n, i]`.
  ///   - w1: [H, D]: row j holds the weights of hidden unit j.
  ///   - w2: [D, H].
  /// - Returns: y, [N, D]. With w2 = 0 and x ≥ 0 it is x itself.
  /// - Source: He et al. 2016, arXiv:1512.03385, eq. 1.
  public static func forward(_ input: Tensor, w1: Tensor, w2: Tensor) throws -> Tensor {
    steps(input, w1, w2).output
  }

  /// Returns the gradients of a loss with respect to the input and both weights.
  ///
  /// With g = ∂L/∂y, let e = g where the sum is above 0, and 0 elsewhere. x receives e through the shortcut, plus the
  /// gradient that comes back through F.
  ///
  /// - Parameters:
  ///   - outputGradient: g, [N, D].
  ///   - input: x of the forward pass, [N, D].
  ///   - w1: [H, D].
  ///   - w2: [D, H].
  /// - Returns: ∂L/∂x [N, D], ∂L/∂w1 [H, D] and ∂L/∂w2 [D, H]; sums over the batch.
  public static func backward(_ outputGradient: Tensor, input: Tensor, w1: Tensor, w2: Tensor) throws -> (
    input: Tensor, w1: Tensor, w2: Tensor
  ) {
    let (samples, width, hidden) = (input.shape[0], input.shape[1], w1.shape[0])
    let (h, sum, _) = steps(input, w1, w2)
    var (dx, dw1, dw2) = (Tensor(zeros: input.shape), Tensor(zeros: w1.shape), Tensor(zeros: w2.shape))
    for n in 0..<samples {
      // d = ∂L/∂h, summed over all outputs.
      var d = [Float](repeating: 0, count: hidden)
      for o in 0..<width where sum[n, o] > 0 {
        let e = outputGradient[n, o]
        dx[n, o] += e  // The shortcut: e arrives whatever F does.
        for j in 0..<hidden {
          dw2[o, j] += e * h[n, j]
          d[j] += e * w2[o, j]
        }
      }
      // Through the inner ReLU, whose output is positive exactly where its input is.
      for j in 0..<hidden where h[n, j] > 0 {
        for i in 0..<width {
          dw1[j, i] += d[j] * input[n, i]
          dx[n, i] += d[j] * w1[j, i]
        }
      }
    }
    return (dx, dw1, dw2)
  }
}

/// The hidden units after their ReLU, x + F(x), and the output.
private func steps(_ x: Tensor, _ w1: Tensor, _ w2: Tensor) -> (hidden: Tensor, sum: Tensor, output: Tensor) {
  var (h, sum, y) = (Tensor(zeros: [x.shape[0], w1.shape[0]]), x, x)
  for n in 0..<x.shape[0] {
    for j in 0..<w1.shape[0] {
      for i in 0..<w1.shape[1] { h[n, j] += x[n, i] * w1[j, i] }
      h[n, j] = max(0, h[n, j])
    }
    for o in 0..<w2.shape[0] {
      for j in 0..<w2.shape[1] { sum[n, o] += h[n, j] * w2[o, j] }
      y[n, o] = max(0, sum[n, o])
    }
  }
  return (h, sum, y)
}
