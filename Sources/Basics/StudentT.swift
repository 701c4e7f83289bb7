// Quantiles of Student's t distribution, for confidence intervals of means.

import Foundation

/// The two-sided quantile of Student's t: the number of standard errors on both sides of a mean that make up the
/// confidence interval. For 95 % it is 4.3 with 2 degrees of freedom, 2.8 with 4, and 1.96 with very many; it is
/// infinite with none.
///
/// It is computed from the distribution by bisection.
///
/// - Parameters:
///   - freedom: the number of degrees of freedom.
///   - confidence: the probability between the two quantiles.
/// - Source: Student 1908, *The probable error of a mean*.
package func studentT(freedom: Int, confidence: Double = 0.95) -> Double {
  if freedom < 1 { return .infinity }
  var (low, high) = (0.0, 1.0)
  while studentShare(within: high, freedom) < confidence, high < 1e9 { (low, high) = (high, 2 * high) }
  for _ in 0..<60 {
    let middle = (low + high) / 2
    if studentShare(within: middle, freedom) < confidence { low = middle } else { high = middle }
  }
  return high
}

/// The probability between −t and t in Student's distribution: a finite sum, because the degrees of freedom are
/// integers.
///
/// - Source: Abramowitz and Stegun 1964, *Handbook of mathematical functions*, 26.7.3 and 26.7.4.
private func studentShare(within t: Double, _ freedom: Int) -> Double {
  let angle = atan(t / Double(freedom).squareRoot())
  let (odd, square) = (!freedom.isMultiple(of: 2), cos(angle) * cos(angle))
  var (term, sum) = (odd ? cos(angle) : 1, 0.0)
  for k in stride(from: odd ? 3 : 2, through: freedom, by: 2) {
    sum += term
    term *= square * Double(k - 1) / Double(k)
  }
  return odd ? 2 / Double.pi * (angle + sin(angle) * sum) : sin(angle) * sum
}
