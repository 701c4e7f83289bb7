// Solution of exercise 9.3: Convolution, backward.

import ExerciseKit

/// Exercise 9.3 · Convolution, backward.
public enum Ex09_3_ConvolutionBackward: Ex09_3 {
  /// Returns the gradients of a loss with respect to the input, the weights and the biases of a convolution.
  ///
  /// With g = ∂L/∂y, every product w·x in an output y of the forward pass contributes g·x to the gradient of its weight
  /// and g·w to that of its pixel; the bias of filter m gets the sum of g over all samples and positions of the filter.
  ///
  /// - Parameters:
  ///   - outputGradient: g, [N, M, H′, W′].
  ///   - input: x of the forward pass, [N, C, H, W].
  ///   - weight: [M, C, k, k].
  ///   - stride: at least 1.
  ///   - padding: the border on each side.
  /// - Returns: ∂L/∂x [N, C, H, W], ∂L/∂w [M, C, k, k] and ∂L/∂b [M]; sums over the batch, not means.
  /// - Source: LeCun et al. 1998, doi:10.1109/5.726791.
  public static func backward(_ outputGradient: Tensor, input: Tensor, weight: Tensor, stride: Int, padding: Int) throws
    -> (
      input: Tensor, weight: Tensor, bias: Tensor
    )
  {
    let (height, width, kernel) = (input.shape[2], input.shape[3], weight.shape[2])
    var (dx, dw, db) = (Tensor(zeros: input.shape), Tensor(zeros: weight.shape), Tensor(zeros: [weight.shape[0]]))
    for n in 0..<outputGradient.shape[0] {
      for m in 0..<outputGradient.shape[1] {
        for i in 0..<outputGradient.shape[2] {
          for j in 0..<outputGradient.shape[3] {
            let g = outputGradient[n, m, i, j]
            db[m] += g
            for c in 0..<input.shape[1] {
              for u in 0..<kernel {
                for v in 0..<kernel {
                  let (row, column) = (i * stride + u - padding, j * stride + v - padding)
                  guard row >= 0, row < height, column >= 0, column < width else { continue }
                  // The product rule: each factor receives g times the other one.
                  dw[m, c, u, v] += g * input[n, c, row, column]
                  dx[n, c, row, column] += g * weight[m, c, u, v]
                }
              }
            }
          }
        }
      }
    }
    return (dx, dw, db)
  }
}
