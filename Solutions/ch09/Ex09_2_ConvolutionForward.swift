// Solution of exercise 9.2: Convolution, forward.

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
    let (samples, channels, height, width) = (input.shape[0], input.shape[1], input.shape[2], input.shape[3])
    let (filters, kernel) = (weight.shape[0], weight.shape[2])
    let rows = (height + 2 * padding - kernel) / stride + 1
    let columns = (width + 2 * padding - kernel) / stride + 1
    var y = Tensor(zeros: [samples, filters, rows, columns])
    for n in 0..<samples {
      for m in 0..<filters {
        for i in 0..<rows {
          for j in 0..<columns {
            var sum = bias[m]
            for c in 0..<channels {
              for u in 0..<kernel {
                for v in 0..<kernel {
                  let (row, column) = (i * stride + u - padding, j * stride + v - padding)
                  guard row >= 0, row < height, column >= 0, column < width else { continue }
                  sum += weight[m, c, u, v] * input[n, c, row, column]
                }
              }
            }
            y[n, m, i, j] = sum
          }
        }
      }
    }
    return y
  }
}
