// Exercise 9.5: Average pooling. Chapter 9, "Pooling".

import ExerciseKit

/// Exercise 9.5 · Average pooling.
public enum Ex09_5_AveragePooling: Ex09_5 {
  /// Returns the mean of the values under each window.
  ///
  /// There is no padding, and a last, partial window does not count.
  ///
  /// - Parameters:
  ///   - input: x, [N, C, H, W].
  ///   - kernel: the window's side k.
  ///   - stride: at least 1; if it is below k, the windows overlap.
  /// - Returns: [N, C, H′, W′], with the sizes of exercise 9.1.
  /// - Source: LeCun et al. 1998, doi:10.1109/5.726791 (there with a weight and a bias for each map).
  public static func forward(_ input: Tensor, kernel: Int, stride: Int) throws -> Tensor {
    throw Unsolved("9.5 Average pooling")
  }

  /// Returns ∂L/∂x: the gradient of each output is divided equally among the k² pixels under its window.
  ///
  /// - Parameters:
  ///   - outputGradient: ∂L/∂y, [N, C, H′, W′].
  ///   - inputShape: [N, C, H, W]; the values of the input are not needed. `Tensor(zeros: Shape(inputShape))` is a tensor of
  ///     zeros of that shape.
  ///   - kernel: the window's side k.
  ///   - stride: at least 1.
  /// - Returns: [N, C, H, W].
  public static func backward(_ outputGradient: Tensor, inputShape: [Int], kernel: Int, stride: Int) throws -> Tensor {
    throw Unsolved("9.5 Average pooling")
  }
}
