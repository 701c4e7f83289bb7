// Solution of exercise 9.5: Average pooling.

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
    let rows = (input.shape[2] - kernel) / stride + 1
    let columns = (input.shape[3] - kernel) / stride + 1
    var y = Tensor(zeros: [input.shape[0], input.shape[1], rows, columns])
    for n in 0..<input.shape[0] {
      for c in 0..<input.shape[1] {
        for i in 0..<rows {
          for j in 0..<columns {
            var sum: Float = 0
            for u in 0..<kernel {
              for v in 0..<kernel { sum += input[n, c, i * stride + u, j * stride + v] }
            }
            y[n, c, i, j] = sum / Float(kernel * kernel)
          }
        }
      }
    }
    return y
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
    var dx = Tensor(zeros: Shape(inputShape))
    for n in 0..<outputGradient.shape[0] {
      for c in 0..<outputGradient.shape[1] {
        for i in 0..<outputGradient.shape[2] {
          for j in 0..<outputGradient.shape[3] {
            let share = outputGradient[n, c, i, j] / Float(kernel * kernel)
            for u in 0..<kernel {
              for v in 0..<kernel { dx[n, c, i * stride + u, j * stride + v] += share }
            }
          }
        }
      }
    }
    return dx
  }
}
