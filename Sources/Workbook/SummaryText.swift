// Numbers as pages write them, and words that depend on them.

import Basics
import Notebook
import Training

/// `12.3 ± 0.4 %`: measurements that are per cent already.
public func percentage(_ summary: Summary) -> String { summary.formatted(decimals: 1) + " %" }

extension TableCell {
  /// `12.3 ± 0.4`; without a spread where there was one measurement.
  public static func measured(_ summary: Summary) -> TableCell {
    summary.count < 2 ? TableCell(summary.mean) : .measured(summary.mean, summary.deviation)
  }
}
