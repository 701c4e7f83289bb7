// Solution of exercise 2.4: a maxout layer, both directions.

import ExerciseKit
/// Exercise 2.4 · Maxout forward and backward.
public enum Ex02_4_Maxout: Ex02_4 {
  /// Returns the outputs of a maxout layer: each unit is the largest of `pieces` sums.
  ///
  /// y[n, u] = max over k of Σᵢ x[n, i] · w[u·pieces + k, i] + b[u·pieces + k]: the pieces of a unit are adjacent rows.
  ///
  /// - Parameters:
  ///   - input: X, [N, in].
  ///   - weight: W, [units · pieces, in].
  ///   - bias: b, [units · pieces].
  ///   - pieces: the number of sums per unit.
  /// - Returns: Y, [N, units]. The sample [3] with weights [[1], [−1]], biases [0, 0] and 2 pieces gives [[3]].
  /// - Source: Goodfellow et al. 2013, eq. 2.
  public static func forward(_ input: Tensor, weight: Tensor, bias: Tensor, pieces: Int) throws -> Tensor {
    let (samples, units) = (input.shape[0], weight.shape[0] / pieces)
    var output = Tensor(zeros: [samples, units])
    for n in 0..<samples {
      for unit in 0..<units { output[n, unit] = winner(unit, n, input, weight, bias, pieces).sum }
    }
    return output
  }

  /// Returns the gradients of a maxout layer: the gradient of a unit goes only to the largest piece.
  ///
  /// - Parameters:
  ///   - outputGradient: ∂L/∂Y, [N, units].
  ///   - input: X of the forward pass, [N, in].
  ///   - weight: W, [units · pieces, in].
  ///   - bias: b, [units · pieces].
  ///   - pieces: the number of sums per unit.
  /// - Returns: ∂L/∂X [N, in], ∂L/∂W [units · pieces, in] and ∂L/∂b [units · pieces].
  public static func backward(
    _ outputGradient: Tensor, input: Tensor, weight: Tensor, bias: Tensor, pieces: Int
  ) throws -> (input: Tensor, weight: Tensor, bias: Tensor) {
    let (samples, inputs, units) = (input.shape[0], input.shape[1], weight.shape[0] / pieces)
    var (dx, dw, db) = (Tensor(zeros: input.shape), Tensor(zeros: weight.shape), Tensor(zeros: bias.shape))
    for n in 0..<samples {
      for unit in 0..<units {
        let row = winner(unit, n, input, weight, bias, pieces).row
        let slope = outputGradient[n, unit]
        for i in 0..<inputs {
          dx[n, i] += slope * weight[row, i]
          dw[row, i] += slope * input[n, i]
        }
        db[row] += slope
      }
    }
    return (dx, dw, db)
  }

  /// The row of the piece with the largest sum for one unit and sample, and that sum.
  private static func winner(
    _ unit: Int, _ n: Int, _ input: Tensor, _ weight: Tensor, _ bias: Tensor, _ pieces: Int
  ) -> (row: Int, sum: Float) {
    var best = (row: unit * pieces, sum: -Float.infinity)
    for row in unit * pieces..<(unit + 1) * pieces {
      var sum = bias[row]
      for i in 0..<input.shape[1] { sum += input[n, i] * weight[row, i] }
      if sum > best.sum { best = (row, sum) }
    }
    return best
  }
}
