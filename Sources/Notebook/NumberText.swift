// Numbers as sentences have them.

import Foundation

/// A number with so many digits that matter: `0.046`, `34`, `59,123`, `2.8×10⁻⁵`, `10⁻⁷`.
///
/// From 10⁻⁴ to 10⁶ it is written out; a whole part is never rounded to fewer digits than it has.
///
/// - Parameters:
///   - value: any number; what is not finite says so.
///   - digits: how many significant digits, at least 1; zeros at the end are left out.
public func short(_ value: Double, digits: Int = 2) -> String {
  guard value.isFinite else { return value.isNaN ? "NaN" : value < 0 ? "−∞" : "∞" }
  if value == 0 { return "0" }
  let digits = max(1, digits), size = abs(value), sign = value < 0 ? "−" : ""
  // Rounded before it is looked at: with two digits 9.96 is 10, and 999,999 a million.
  let parts = String(format: "%.\(digits - 1)e", size).split(separator: "e")
  let mantissa = trimmed(String(parts[0])), exponent = Int(parts[1]) ?? 0
  if (-4..<digits).contains(exponent) { return sign + trimmed(String(format: "%.\(digits - 1 - exponent)f", size)) }
  if (digits..<6).contains(exponent) { return sign + grouped(Int(size.rounded())) }
  return sign + (mantissa == "1" ? "" : mantissa + "×") + "10" + Numbers.superscript(exponent)
}

/// A whole number with its thousands set apart, from five digits on: `2416`, `61,706`.
public func grouped(_ number: Int) -> String { NumberStyle.grouped(number) }

/// A decimal number without the zeros at its end.
private func trimmed(_ text: String) -> String {
  text.contains(".") ? String(text.reversed().drop { $0 == "0" }.drop { $0 == "." }.reversed()) : text
}
