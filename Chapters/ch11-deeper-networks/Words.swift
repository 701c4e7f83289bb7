// Numbers as the page writes them.

import Foundation
import Workbook

/// `4,821,600`.
func grouped(_ number: Int) -> String {
  var (digits, result) = (Array(String(number)), "")
  while digits.count > 3 {
    result = "," + String(digits.suffix(3)) + result
    digits.removeLast(3)
  }
  return String(digits) + result
}

/// `0.046`, `12`: two digits that matter, whole numbers whole.
func short(_ value: Double) -> String {
  let text = value == value.rounded() && abs(value) < 1e6 ? String(Int(value)) : String(format: "%.2g", value)
  return text.replacingOccurrences(of: "-", with: "−")
}

/// `0.34`, `230`, `1.2×10⁻⁸`: readable from the smallest to the largest.
func power(_ value: Double) -> String {
  guard value.isFinite, value > 0 else { return short(value) }
  if value >= 0.01 && value < 10_000 {
    return value < 10 ? String(format: "%.2g", value) : grouped(Int(value.rounded()))
  }
  let exponent = Int(log10(value).rounded(.down))
  let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
  let raised = String(abs(exponent)).compactMap { $0.wholeNumberValue.map { String(digits[$0]) } }.joined()
  return String(format: "%.1f", value / pow(10, Double(exponent))) + "×10" + (exponent < 0 ? "⁻" : "") + raised
}

/// A whole number for a table, with its thousands apart.
func count(_ number: Int) -> TableCell { TableCell(grouped(number)) }

/// `11.5 G`, `714 M`: multiply-adds.
func giga(_ number: Int) -> String {
  number >= 1_000_000_000 ? fixed(Double(number) / 1e9, 2) + " G" : fixed(Double(number) / 1e6, 0) + " M"
}
