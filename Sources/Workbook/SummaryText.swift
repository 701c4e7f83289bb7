// Numbers in the format of pages, and text that depends on them.

import Basics
import Notebook
import Training

/// `12.3 ± 0.4 %`: measurements that are already in per cent.
public func percentage(_ summary: Summary) -> String { summary.formatted(decimals: 1) + " %" }

extension Summary {
  /// Fractions in per cent.
  public var inPercent: Summary { Summary(values.map { 100 * $0 }) }

  /// The size of a difference: the same measurements, negated if the mean is below 0.
  public var magnitude: Summary { mean < 0 ? Summary(values.map { -$0 }) : self }

  /// The same measurements with so many decimals, as records keep them.
  public func rounded(decimals: Int) -> Summary { Summary(values.map { Basics.rounded($0, decimals: decimals) }) }

  /// `0.4 to 2.2`: the 95 % interval of the mean.
  public func interval(_ decimals: Int = 1) -> String {
    "\(fixed(mean - uncertainty, decimals)) to \(fixed(mean + uncertainty, decimals))"
  }

  /// ` (95 %: 0.4 to 2.2)`, to follow the mean and its unit; empty for fewer than three seeds.
  public func intervalNote(_ decimals: Int = 1) -> String { count < 3 ? "" : " (95 %: \(interval(decimals)))" }

  /// `1.3 (95 %: 0.4 to 2.2)`.
  public func withInterval(_ decimals: Int = 1) -> String { fixed(mean, decimals) + intervalNote(decimals) }
}

extension TableCell {
  /// `12.3 ± 0.4`; without a spread if there was one measurement.
  public static func measured(_ summary: Summary) -> TableCell {
    summary.count < 2 ? TableCell(summary.mean) : .measured(summary.mean, summary.deviation)
  }
}
