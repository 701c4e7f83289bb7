// Numbers as sentences have them, and the end of the program where the data cannot be read.

import Foundation
import Workbook

/// `0.046`, `2.8×10⁻⁵`: two digits that matter, or as many as asked for.
func short(_ value: Double, digits: Int = 2) -> String {
  let text = String(format: "%.\(digits)g", value)
  guard let e = text.firstIndex(of: "e"), let exponent = Int(text[text.index(after: e)...]) else { return text }
  let raised: [Character: String] = [
    "-": "⁻", "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸", "9": "⁹",
  ]
  return text[..<e] + "×10" + "\(exponent)".compactMap { raised[$0] }.joined()
}

/// `34`: a whole number.
func whole(_ value: Double) -> String { String(format: "%.0f", value) }
