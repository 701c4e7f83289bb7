// Exercise 9.4: Max pooling, overlapping. Chapter 9, "Pooling".

import ExerciseKit

/// Exercise 9.4 · Max pooling, overlapping.
public enum Ex09_4_MaxPooling: Ex09_4 {
  /// Returns the largest value under each window.
  ///
  /// The windows move by `stride`, which may be smaller than `kernel`: then they overlap, as in AlexNet. There is no
  /// padding, and a last, partial window does not count.
  ///
  /// - Parameters:
  ///   - input: x, [N, C, H, W].
  ///   - kernel: the window's side.
  ///   - stride: at least 1.
  /// - Returns: [N, C, H′, W′], with the sizes of exercise 9.1.
  /// - Source: Krizhevsky, Sutskever and Hinton 2012, section 3.4.
  public static func forward(_ input: Tensor, kernel: Int, stride: Int) throws -> Tensor {
    throw Unsolved("9.4 Max pooling, overlapping")
  }

  /// Returns ∂L/∂x: the gradient of each output goes only to the largest pixel under its window.
  ///
  /// Among equal pixels, the first in reading order receives it. A pixel that is the largest in several windows
  /// receives the sum.
  ///
  /// - Parameters:
  ///   - outputGradient: ∂L/∂y, [N, C, H′, W′].
  ///   - input: x of the forward pass, [N, C, H, W].
  ///   - kernel: the window's side.
  ///   - stride: at least 1.
  /// - Returns: [N, C, H, W].
  public static func backward(_ outputGradient: Tensor, input: Tensor, kernel: Int, stride: Int) throws -> Tensor {
    throw Unsolved("9.4 Max pooling, overlapping")
  }
}
