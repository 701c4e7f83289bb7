// Several measurements of one thing, as a mean and a standard deviation.

import Foundation

/// The mean and the standard deviation of repeated measurements: `0.78 ± 0.06`.
public struct Summary: Hashable, Sendable, CustomStringConvertible {
  /// The measurements, one for each seed.
  public var values: [Double]

  /// Creates a summary.
  public init(_ values: [Double]) { self.values = values }

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

  /// `0.78 ± 0.06`: as many digits as the mean needs to show three.
  public var description: String {
    if count == 0 { return "–" }
    let size = max(abs(mean), 1e-300)
    let digits = min(6, max(0, 2 - Int(log10(size).rounded(.down))))
    let text = String(format: "%.\(digits)f", mean)
    return count < 2 ? text : text + String(format: " ± %.\(digits)f", deviation)
  }
}
