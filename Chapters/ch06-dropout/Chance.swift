// What a few seeds can tell from chance, and the words for it.

import Foundation
import Workbook

/// Whether a difference, measured seed by seed, is more than chance: beyond twice its standard error, and beyond `limit`.
///
/// Fewer than three seeds cannot tell.
func isClear(_ difference: Summary, beyond limit: Double = 0.5) -> Bool {
  difference.count >= 3 && abs(difference.mean) > max(2 * difference.standardError, limit)
}

/// `more than chance`, `within chance`, or that so few seeds cannot tell.
func chance(_ difference: Summary, beyond limit: Double = 0.5) -> String {
  difference.count < 3
    ? "which so few seeds cannot tell from chance"
    : isClear(difference, beyond: limit) ? "more than chance" : "within chance"
}

/// `saves 0.8`, `costs 1.3 ± 3.0`: points of error that something saves, below 0 those that it costs.
func effect(_ saved: Summary) -> String {
  saved.mean < 0
    ? "costs \(Summary(saved.values.map { -$0 }).formatted(decimals: 1))" : "saves \(saved.formatted(decimals: 1))"
}

/// The number in `numbers` that comes nearest to a positive `value`, by ratio.
func nearest(to value: Double, in numbers: [Double]) -> Int {
  numbers.indices.min { abs(log(numbers[$0] / value)) < abs(log(numbers[$1] / value)) } ?? 0
}
