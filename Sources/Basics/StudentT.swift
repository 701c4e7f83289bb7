// Student's t: how many standard errors the mean of a few measurements may be off.

import Foundation

/// How many standard errors to both sides of the mean hold such a share of all means, by Student's t with so many degrees
/// of freedom. For 95 % and 2 degrees it is 4.3, with 4 it is 2.8, with very many 1.96; infinity with none.
///
/// Found by halving, from the distribution itself.
///
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

/// The share of Student's distribution that is between −t and t: a finite sum for a whole number of degrees of freedom.
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
