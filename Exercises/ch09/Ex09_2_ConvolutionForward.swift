// Exercise 9.2: Convolution, forward. Chapter 9, "Sliding a window".

import ExerciseKit

/// Exercise 9.2 · Convolution, forward.
public enum Ex09_2_ConvolutionForward: Ex09_2 {
  /// Returns the cross-correlation of a batch of images with a set of kernels: every filter at every position.
  ///
  /// y[n, m, i, j] = bias[m] + Σ weight[m, c, u, v] · x[n, c, i·stride + u − padding, j·stride + v − padding], over all
  /// channels c and all positions (u, v) of the kernel; pixels outside the image are 0. The kernel is not flipped.
  ///
  /// - Parameters:
  ///   - input: x, [N, C, H, W]; read `input[n, c, row, column]`.
  ///   - weight: [M, C, k, k].
  ///   - bias: [M].
  ///   - stride: at least 1.
  ///   - padding: the border on each side; at least 0.
  /// - Returns: y, [N, M, H′, W′], with the sizes of exercise 9.1. `var y = Tensor(zeros: [2, 3])` is a tensor of zeros, and
  ///   `y[0, 1] = 5` writes to it.
  /// - Source: LeCun et al. 1998, doi:10.1109/5.726791.
  public static func forward(_ input: Tensor, weight: Tensor, bias: Tensor, stride: Int, padding: Int) throws -> Tensor
  {
    throw Unsolved("9.2 Convolution, forward")
  }
}
