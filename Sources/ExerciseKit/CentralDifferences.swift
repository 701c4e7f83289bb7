// The numerical gradient that every backward pass is compared with.

/// Derivatives by central differences, in double precision.
///
/// (f(x + h) − f(x − h)) / 2h has an error of about h²·f‴/6 plus 10⁻¹⁶·|f|/h; at h = 10⁻⁵ both are below 10⁻⁹ for
/// functions and inputs near 1, far below what `Float` resolves.
package enum CentralDifferences {
  /// The gradient of a scalar function.
  ///
  /// - Parameters:
  ///   - function: a function of as many numbers as `point` has.
  ///   - point: the point of evaluation; keep it away from kinks by more than `step`.
  ///   - step: h.
  /// - Returns: ∂f/∂xᵢ for each i.
  package static func gradient(
    at point: [Double], step: Double = 1e-5, of function: ([Double]) -> Double
  ) -> [Double] {
    point.indices.map { index in
      var (above, below) = (point, point)
      above[index] += step
      below[index] -= step
      return (function(above) - function(below)) / (2 * step)
    }
  }

  /// The gradient of Σ u·f(x) for a function with several outputs: the result of a backward pass for the upstream u.
  ///
  /// - Parameters:
  ///   - point: the point of evaluation.
  ///   - upstream: u, one number for each output; use different numbers, or a forgotten factor goes unnoticed.
  ///   - step: h.
  ///   - function: returns all outputs.
  package static func gradient(
    at point: [Double], upstream: [Double], step: Double = 1e-5, of function: ([Double]) -> [Double]
  ) -> [Double] {
    gradient(at: point, step: step) { x in zip(function(x), upstream).reduce(0) { $0 + $1.0 * $1.1 } }
  }
}
