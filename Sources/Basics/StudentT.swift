// Student's t: how many standard errors the mean of a few measurements may be off.

import Foundation

/// The 97.5 % point of Student's t with so many degrees of freedom: 95 % of all means lie within so many standard errors of
/// the truth. With 2 degrees of freedom it is 4.3, with 4 it is 2.8, with very many 1.96; infinity with none.
///
/// - Source: Student 1908, *The probable error of a mean*.
package func studentT(freedom: Int) -> Double {
  if freedom < 1 { return .infinity }
  let exact = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228]
  if freedom <= exact.count { return exact[freedom - 1] }
  // Beyond ten degrees of freedom the series about the normal distribution's 1.96 is good to 0.002.
  let n = Double(freedom)
  return 1.96 + 2.4 / n + 2.8 / (n * n)
}

/// The same for another share of all means than 95 %: by halving, from the distribution itself.
package func studentT(freedom: Int, confidence: Double) -> Double {
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
