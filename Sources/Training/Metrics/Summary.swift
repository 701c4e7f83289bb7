// Repeated measurements, summarized by mean and standard deviation.

import Basics
import Foundation

/// The mean and the standard deviation of repeated measurements: `0.78 ± 0.06`.
public struct Summary: Hashable, Sendable, Codable, CustomStringConvertible {
  /// The measurements, one for each seed.
  public var values: [Double]

  /// Creates a summary.
  public init(_ values: [Double]) { self.values = values }

  /// Reads the list of measurements.
  public init(from decoder: any Decoder) throws { values = try decoder.singleValueContainer().decode([Double].self) }

  /// Writes the list of measurements.
  public func encode(to encoder: any Encoder) throws {
    var list = encoder.singleValueContainer()
    try list.encode(values)
  }

  /// The number of measurements.
  public var count: Int { values.count }

  /// The mean; NaN without measurements.
  public var mean: Double { values.reduce(0, +) / Double(values.count) }

  /// The standard deviation of the sample, √(Σ(x − mean)²/(n − 1)); 0 for a single measurement.
  public var deviation: Double {
    if count < 2 { return 0 }
    let mean = mean
    return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count - 1)).squareRoot()
  }

  /// The standard error of the mean, deviation/√n.
  public var standardError: Double { deviation / Double(count).squareRoot() }

  /// The uncertainty of the mean: half the width of its 95 % confidence interval, t·deviation/√n, with Student's t for
  /// n − 1 degrees of freedom (Student 1908, *The probable error of a mean*). With 3 measurements t is 4.3, with 5 it
  /// is 2.8. With fewer than two measurements the uncertainty is infinite.
  public var uncertainty: Double { uncertainty(among: 1) }

  /// The uncertainty for several simultaneous comparisons: half the width of the interval with confidence
  /// 1 − 0.05/comparisons. The probability of at least one false positive among all of them is then at most 5 %
  /// (Bonferroni).
  public func uncertainty(among comparisons: Int) -> Double {
    count < 2
      ? .infinity
      : studentT(freedom: count - 1, confidence: 1 - 0.05 / Double(max(1, comparisons))) * standardError
  }

  /// The paired differences of two series of measurements, seed by seed: the common effect of a seed cancels.
  ///
  /// Both must have the same seeds in the same order. Surplus measurements of the longer series are ignored.
  public static func - (first: Summary, second: Summary) -> Summary {
    Summary(zip(first.values, second.values).map { $0 - $1 })
  }

  /// The smallest measurement; NaN without measurements.
  public var minimum: Double { values.min() ?? .nan }

  /// The median; for an even number of measurements, the mean of the middle two; NaN without measurements.
  public var median: Double {
    let sorted = values.sorted(), middle = count / 2
    if count == 0 { return .nan }
    return count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
  }

  /// The largest measurement; NaN without measurements.
  public var maximum: Double { values.max() ?? .nan }

  /// `0.78 ± 0.06`, with the given number of decimals; only the mean for a single measurement.
  public func formatted(decimals: Int) -> String {
    if count == 0 { return "–" }
    let text = fixed(mean, decimals)
    return count < 2 ? text : text + " ± " + fixed(deviation, decimals)
  }

  /// `0.780 ± 0.060`: the mean has three significant digits.
  public var description: String {
    formatted(decimals: decimals)
  }

  /// The number of decimals with which the mean has three significant digits.
  public var decimals: Int {
    // The mean of a diverged run may be NaN; it must still be printed.
    guard mean.isFinite, mean != 0 else { return 2 }
    return min(6, max(0, 2 - Int(log10(abs(mean)).rounded(.down))))
  }
}
