// The loss around what a net has learned, in two random directions.

import Foundation
import Workbook

/// The loss of one trained net on a plane through its weights.
struct Landscape: Codable, Sendable {
  var name: String
  /// [row][column]: log₁₀ of the mean loss; the weights themselves are in the middle.
  var losses: [[Double]]
  /// How far the plane reaches: 1 is as far as each filter is long.
  var reach: Double

  /// How many places are lower than all places beside them.
  var valleys: Int {
    losses.indices.reduce(0) { sum, row in
      sum
        + losses[row].indices.count { column in
          let rows = losses[max(0, row - 1)..<min(losses.count, row + 2)]
          let around = rows.flatMap { $0[max(0, column - 1)..<min($0.count, column + 2)] }
          return around.count { $0 <= losses[row][column] } == 1
        }
    }
  }
}

extension Landscape {
  /// Measures the loss at w + a·d + b·e for `count` × `count` pairs (a, b): d and e
  /// are random, each filter as long as that of w; norms and biases stay.
  init(
    _ name: String, _ model: Model, on batch: Batch, reach: Double = 1, count: Int,
    seed: UInt64
  ) {
    (self.name, self.reach) = (name, reach)
    let weights = model.parameters.map(\.parameter.value)
    let directions = (0..<2).map { way in
      var generator = SeededGenerator(seed: seed, stream: 31 + UInt64(way))
      return weights.map { filterNormalized($0, using: &generator) }
    }
    let steps = (0..<count).map { reach * (2 * Double($0) / Double(count - 1) - 1) }
    losses = steps.map { b in
      steps.map { a in
        var (moved, place) = (model, 0)
        moved.visitParameters { _, parameter in
          parameter.value = plus(
            weights[place], directions[0][place], Float(a),
            directions[1][place], Float(b))
          place += 1
        }
        var ignored = Tensor.empty
        let outputs = moved.forward(batch.inputs, mode: .inference)
        let loss = SoftmaxCrossEntropy().evaluate(
          outputs, .classes(batch.labels), gradient: &ignored)
        return rounded(log10(max(loss, 1e-9)), decimals: 3)
      }
    }
  }
}

/// Random numbers, each filter (row) as long as that of `weight`; zeros for vectors.
private func filterNormalized(_ weight: Tensor, using generator: inout SeededGenerator) -> Tensor {
  var direction = Tensor(zeros: weight.shape)
  guard weight.shape.rank > 1 else { return direction }
  direction.fillNormal(standardDeviation: 1, using: &generator)
  let length = weight.count / weight.shape[0]
  weight.withUnsafeElements { w in
    direction.withUnsafeMutableElements { d in
      for first in stride(from: 0, to: w.count, by: length) {
        var (own, other): (Float, Float) = (0, 0)
        for i in first..<first + length {
          own += w[i] * w[i]
          other += d[i] * d[i]
        }
        let factor = (own / max(other, 1e-20)).squareRoot()
        for i in first..<first + length { d[i] *= factor }
      }
    }
  }
  return direction
}

/// w + a·d + b·e.
private func plus(_ w: Tensor, _ d: Tensor, _ a: Float, _ e: Tensor, _ b: Float) -> Tensor {
  Tensor(w.shape, zip(zip(w.elements, d.elements), e.elements).map { $0.0 + a * $0.1 + b * $1 })
}
