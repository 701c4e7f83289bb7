// Numbers as this page writes them.

import Workbook

/// `0.0025`, `0.12`, `0.998`: two digits of a probability, or of what it lacks to 1.
func share(_ value: Double) -> String { value > 0.99 ? fixed(value, 3) : short(value) }

/// `302`, or `more than 5000` where a neuron did not get there.
func count(_ steps: Int?, limit: Int = 5000) -> String { steps.map { "\($0)" } ?? "more than \(limit)" }

/// A number of a table of softmaxes: `0.24`, `NaN`, `∞`.
func cell(_ value: Float, _ decimals: Int) -> String { fixed(Double(value), decimals) }
