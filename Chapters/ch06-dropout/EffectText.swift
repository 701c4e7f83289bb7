// Differences in words.

import Workbook

/// `saves 0.8`, `costs 1.3 ± 3.0`: points of error that something saves, below 0 those that it costs.
func effect(_ saved: Summary) -> String {
  saved.mean < 0
    ? "costs \(Summary(saved.values.map { -$0 }).formatted(decimals: 1))" : "saves \(saved.formatted(decimals: 1))"
}

/// Whether something saves points of error, or costs some, beyond chance.
func saves(_ saved: Summary) -> Bool { isClear(saved, beyond: 0) && saved.mean > 0 }
func costs(_ saved: Summary) -> Bool { isClear(saved, beyond: 0) && saved.mean < 0 }
