// Numbers as the page writes them, and runs side by side.

import Foundation
import Workbook

/// `0.046`: two digits that matter.
func short(_ value: Double) -> String { String(format: "%.2g", value) }

/// `0.0025`, `0.12`, `0.998`: two digits of a probability, or of what it lacks to 1.
func share(_ value: Double) -> String { value > 0.99 ? fixed(value, 3) : short(value) }

/// `2.8·10⁻⁹`: for numbers that only their size matters of.
func powerOfTen(_ value: Double) -> String {
  guard value > 0, value.isFinite else { return "\(value)" }
  let digits: [Character: Character] = [
    "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸", "9": "⁹", "-": "⁻",
  ]
  let exponent = Int(log10(value).rounded(.down))
  return fixed(value / pow(10, Double(exponent)), 1) + "·10" + String("\(exponent)".map { digits[$0] ?? $0 })
}

/// `302`, or `more than 5000` where a neuron did not get there.
func count(_ steps: Int?, limit: Int = 5000) -> String { steps.map { "\($0)" } ?? "more than \(limit)" }

/// A number of a table of softmaxes: `0.24`, `NaN`, `∞`.
func cell(_ value: Float, _ decimals: Int) -> String { fixed(Double(value), decimals) }
