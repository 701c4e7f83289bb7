// A batch norm that passes no kicks: forward as ever, backward with a bound.

import Foundation
import Workbook

/// Batch norm whose gradient is nowhere multiplied by more than a limit.
///
/// Forward it is batch norm with its own ε. Backward the factor 1/√(σ² + ε) of a unit is replaced by `limit` where it is
/// larger. Shapes: [N, C], unchanged.
struct CalmNorm: Layer {
  private var norm: BatchNorm
  /// The largest factor.
  let limit: Float

  init(_ norm: BatchNorm, limit: Float) { (self.norm, self.limit) = (norm, limit) }

  func outputShape(for input: Shape) throws(ShapeError) -> Shape { try norm.outputShape(for: input) }
  mutating func initialize(using generator: inout SeededGenerator) { norm.initialize(using: &generator) }

  mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    norm.forward(input, into: &output, in: &pass)
  }

  mutating func backward(_ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor) {
    norm.backward(outputGradient, input: input, output: output, into: &inputGradient)
    if inputGradient.isEmpty { return }
    let (rows, width) = (input.shape[0], norm.channels)
    let (epsilon, limit) = (norm.epsilon, limit)
    input.withUnsafeElements { x in
      inputGradient.withUnsafeMutableElements { dx in
        for c in 0..<width {
          var (mean, square) = (Float(0), Float(0))
          for n in 0..<rows { mean += x[n * width + c] / Float(rows) }
          for n in 0..<rows { square += (x[n * width + c] - mean) * (x[n * width + c] - mean) / Float(rows) }
          let share = limit * (square + epsilon).squareRoot()
          if share < 1 { for n in 0..<rows { dx[n * width + c] *= share } }
        }
      }
    }
  }

  mutating func visitParameters(_ visit: (String, inout Parameter) throws -> Void) rethrows {
    try norm.visitParameters(visit)
  }
  mutating func visitBuffers(_ visit: (String, inout Tensor) throws -> Void) rethrows { try norm.visitBuffers(visit) }
}
