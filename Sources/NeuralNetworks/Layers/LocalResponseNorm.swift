// Local response normalization, as used in AlexNet.

import Foundation
import Tensors

/// Local response normalization: divides each value by the activity of the neighbouring channels at the same position.
///
/// y_c = x_c / d_c^β, d_c = k + α/n · Σ x_j², over the n channels j around c (fewer at the ends).
/// Shapes: [N, C, H, W], unchanged. α is divided by n, as in PyTorch and ONNX. The AlexNet paper does not divide, so
/// its α = 10⁻⁴ with n = 5 corresponds to 5·10⁻⁴ here.
/// - Source: Krizhevsky, Sutskever and Hinton 2012, section 3.3.
public struct LocalResponseNorm: Layer {
  /// n: the number of channels in the sum.
  public let size: Int
  /// α: the factor of the sum of squares, which is divided by n.
  public let alpha: Float
  /// β: the exponent.
  public let beta: Float
  /// k: the value of d if all the channels are 0.
  public let k: Float
  /// d in the last forward pass.
  private var denominator = Tensor.empty

  /// Creates a layer.
  public init(size: Int = 5, alpha: Float = 1e-4, beta: Float = 0.75, k: Float = 1) {
    self.size = size
    self.alpha = alpha
    self.beta = beta
    self.k = k
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    try refuse(kind, unless: size > 0, "neighbours", "a sum over \(size) channels is empty", input)
    guard input.rank >= 1 else { throw ShapeError(kind, expected: "[channels, …]", received: input) }
    return input
  }

  public mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    output.resize(to: input.shape)
    denominator.resize(to: input.shape)
    let (alpha, beta, k, size) = (alpha, beta, k, size)
    input.withUnsafeElements { x in
      output.withUnsafeMutableElements { y in
        denominator.withUnsafeMutableElements { d in
          Self.forEachChannel(input.shape, size) { start, channels, area, c in
            for p in start + c * area..<start + (c + 1) * area {
              var sum: Float = 0
              for j in channels { sum += x[p + (j - c) * area] * x[p + (j - c) * area] }
              d[p] = k + alpha / Float(size) * sum
              y[p] = x[p] * pow(d[p], -beta)
            }
          }
        }
      }
    }
  }

  /// ∂L/∂x_c = ∂L/∂y_c·d_c^−β − 2αβ/n · x_c · Σ ∂L/∂y_j·y_j/d_j over the channels j whose sums include c.
  public mutating func backward(
    _ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor
  ) {
    if inputGradient.isEmpty { return }
    let (beta, size, factor) = (beta, size, 2 * alpha * beta / Float(size))
    input.withUnsafeElements { x in
      output.withUnsafeElements { y in
        outputGradient.withUnsafeElements { dy in
          denominator.withUnsafeElements { d in
            inputGradient.withUnsafeMutableElements { dx in
              Self.forEachChannel(input.shape, size, mirrored: true) { start, channels, area, c in
                for p in start + c * area..<start + (c + 1) * area {
                  var sum: Float = 0
                  for j in channels {
                    let q = p + (j - c) * area
                    sum += dy[q] * y[q] / d[q]
                  }
                  dx[p] = dy[p] * pow(d[p], -beta) - factor * x[p] * sum
                }
              }
            }
          }
        }
      }
    }
  }

  /// Visits every channel of every sample together with the channels that its sum includes or, if mirrored, with the
  /// channels whose sums include it.
  private static func forEachChannel(
    _ shape: Shape, _ size: Int, mirrored: Bool = false,
    _ visit: (_ start: Int, _ channels: Range<Int>, _ area: Int, _ channel: Int) -> Void
  ) {
    let (count, area) = (shape[1], shape.positions)
    // For an even n, one more channel lies below than above, as in PyTorch.
    let (below, above) = mirrored ? ((size - 1) / 2, size / 2) : (size / 2, (size - 1) / 2)
    withoutActuallyEscaping(visit) { visit in
      Parallel.forEach(chunks: shape[0] * count, on: visit) { run, visit in
        let (n, c) = (run / count, run % count)
        visit(n * count * area, max(0, c - below)..<min(count, c + above + 1), area, c)
      }
    }
  }
}
