// Solution of exercise 7.6: a limit on the norm of a gradient that keeps its direction.

import ExerciseKit

/// Exercise 7.6 · Clip by norm.
public enum Ex07_6_ClipByNorm: Ex07_6 {
  /// Returns the gradients of all parameters, scaled down together if their joint norm is above a limit.
  ///
  /// There is one norm for all: ‖g‖ = √Σg² over every element of every parameter. If ‖g‖ > limit, each element is
  /// multiplied by limit/‖g‖, so that the norm becomes the limit and the direction stays; otherwise nothing changes.
  ///
  /// - Parameters:
  ///   - gradients: one array for each parameter.
  ///   - limit: the largest norm allowed, above 0.
  /// - Returns: arrays of the same lengths; [[3], [4]] with the limit 1 becomes [[0.6], [0.8]].
  /// - Source: Pascanu, Mikolov and Bengio 2013, arXiv:1211.5063, algorithm 1.
  public static func clipped(_ gradients: [[Float]], limit: Float) throws -> [[Float]] {
    var squares = 0.0
    for gradient in gradients {
      for g in gradient { squares += Double(g) * Double(g) }
    }
    let norm = squares.squareRoot()
    if norm <= Double(limit) { return gradients }
    let scale = Float(Double(limit) / norm)
    return gradients.map { $0.map { $0 * scale } }
  }
}
