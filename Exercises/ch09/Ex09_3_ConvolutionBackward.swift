// Exercise 9.3: Convolution, backward. Chapter 9, "The way back".

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
    throw Unsolved("9.3 Convolution, backward")
  }
}
