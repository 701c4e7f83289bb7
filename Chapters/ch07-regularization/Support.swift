// Numbers as the page writes them, and runs side by side.

import Foundation
import Workbook

/// `0.046`: two digits that matter.
func short(_ value: Double) -> String { String(format: "%.2g", value) }

/// `2.8·10⁻⁹`: for numbers that only their size matters of.
func powerOfTen(_ value: Double) -> String {
  guard value > 0, value.isFinite else { return "\(value)" }
  let digits: [Character: Character] = [
    "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸", "9": "⁹", "-": "⁻",
  ]
  let exponent = Int(log10(value).rounded(.down))
  return fixed(value / pow(10, Double(exponent)), 1) + "·10" + String("\(exponent)".map { digits[$0] ?? $0 })
}

/// `no penalty`, `λ = 0.003`: a strength of a penalty as it is written.
func strength(_ lambda: Float) -> String { lambda == 0 ? "no penalty" : "λ = \(lambda)" }
