// Solution of exercise 9.4: Max pooling, overlapping.

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
    var y = Tensor(zeros: pooledShape(input.shape, kernel, stride))
    for n in 0..<y.shape[0] {
      for c in 0..<y.shape[1] {
        for i in 0..<y.shape[2] {
          for j in 0..<y.shape[3] {
            let best = largest(input, n, c, i * stride, j * stride, kernel)
            y[n, c, i, j] = input[n, c, best.row, best.column]
          }
        }
      }
    }
    return y
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
    var dx = Tensor(zeros: input.shape)
    for n in 0..<outputGradient.shape[0] {
      for c in 0..<outputGradient.shape[1] {
        for i in 0..<outputGradient.shape[2] {
          for j in 0..<outputGradient.shape[3] {
            let best = largest(input, n, c, i * stride, j * stride, kernel)
            dx[n, c, best.row, best.column] += outputGradient[n, c, i, j]
          }
        }
      }
    }
    return dx
  }
}

/// The first largest pixel under the window whose upper left corner is at (top, left).
private func largest(
  _ x: Tensor, _ n: Int, _ c: Int, _ top: Int, _ left: Int, _ kernel: Int
) -> (row: Int, column: Int) {
  var best = (row: top, column: left)
  for row in top..<top + kernel {
    for column in left..<left + kernel where x[n, c, row, column] > x[n, c, best.row, best.column] {
      best = (row, column)
    }
  }
  return best
}

private func pooledShape(_ shape: Shape, _ kernel: Int, _ stride: Int) -> Shape {
  [shape[0], shape[1], (shape[2] - kernel) / stride + 1, (shape[3] - kernel) / stride + 1]
}
