// Numbers as text: with significant digits, with decimals, with thousands separators, and in scientific notation; and
// rounded, as records keep them.

import Foundation

/// A number with a given number of significant digits: `0.046`, `34`, `59,123`, `2.8×10⁻⁵`, `10⁻⁷`.
///
/// From 10⁻⁴ to 10⁶ it is written in decimal notation; the integer part always has all its digits.
///
/// - Parameters:
///   - value: any number; NaN and infinity are written as `NaN` and `∞`.
///   - digits: the number of significant digits, at least 1; trailing zeros are omitted.
public func short(_ value: Double, digits: Int = 2) -> String {
  guard value.isFinite else { return notFinite(value) }
  if value == 0 { return "0" }
  let digits = max(1, digits), size = abs(value), sign = value < 0 ? "−" : ""
  // Round before choosing the notation: with two digits, 9.96 becomes 10, and 999,999 a million.
  let parts = String(format: "%.\(digits - 1)e", size).split(separator: "e")
  let mantissa = trimmed(String(parts[0])), exponent = Int(parts[1]) ?? 0
  if (-4..<digits).contains(exponent) { return sign + trimmed(String(format: "%.\(digits - 1 - exponent)f", size)) }
  if (digits..<6).contains(exponent) { return sign + grouped(Int(size.rounded())) }
  return sign + (mantissa == "1" ? "" : mantissa + "×") + "10" + superscript(exponent)
}

/// A number with a given number of decimals, independent of the locale: `fixed(0.784, 2)` is `0.78`.
///
/// Negative numbers have a minus sign (−, not a hyphen), and zeros have no sign; NaN and infinity are written as such.
public func fixed(_ value: Double, _ decimals: Int) -> String {
  guard value.isFinite else { return notFinite(value) }
  let text = String(format: "%.\(max(0, decimals))f", abs(value))
  return value < 0 && text.contains(where: { ("1"..."9").contains($0) }) ? "−" + text : text
}

/// An integer with thousands separators if it has five digits or more: `2416`, `61,706`.
public func grouped(_ number: Int) -> String { grouped(number, always: false) }

/// An integer with thousands separators: `61,706`.
///
/// - Parameters:
///   - number: the integer.
///   - always: whether integers of four digits have a separator too, `2,416`, as is usual next to longer numbers.
package func grouped(_ number: Int, always: Bool) -> String {
  let digits = String(number.magnitude)
  var result = number < 0 ? "−" : ""
  guard digits.count > (always ? 3 : 4) else { return result + digits }
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.count - index).isMultiple(of: 3) { result.append(",") }
    result.append(digit)
  }
  return result
}

/// A number with a noun in the singular or plural: `3 seeds`, `1 seed`.
///
/// - Parameters:
///   - number: the number.
///   - noun: the noun in the singular.
///   - plural: the plural, unless it is formed by adding s.
public func counted(_ number: Int, _ noun: String, _ plural: String? = nil) -> String {
  "\(grouped(number)) \(number == 1 ? noun : plural ?? noun + "s")"
}

/// Words in a sentence: `a`, `a and b`, `a, b and c`; empty if there are none.
///
/// - Parameters:
///   - words: the words.
///   - last: what stands before the last one.
public func listed(_ words: [String], _ last: String = "and") -> String {
  words.count < 2 ? words.joined() : words.dropLast().joined(separator: ", ") + " \(last) " + words[words.count - 1]
}

/// The same text with a capital letter in front.
public func capitalized(_ text: some StringProtocol) -> String { text.prefix(1).uppercased() + text.dropFirst() }

/// A fraction as a percentage: `16 %`.
public func percent(_ share: Double, _ decimals: Int = 0) -> String { fixed(100 * share, decimals) + " %" }

/// A number in scientific notation, with a given number of decimals: `3.1×10⁻⁵`.
package func scientific(_ value: Double, digits: Int) -> String {
  guard value.isFinite else { return notFinite(value) }
  let parts = String(format: "%.\(digits)e", abs(value)).split(separator: "e")
  return (value < 0 ? "−" : "") + parts[0] + "×10" + superscript(Int(parts[1]) ?? 0)
}

/// An integer in superscript digits: `⁻³`.
package func superscript(_ exponent: Int) -> String {
  String(String(exponent).map { $0 == "-" ? "⁻" : raisedDigits[$0.wholeNumberValue ?? 0] })
}

private let raisedDigits: [Character] = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]

/// The number at the start of a text, in the notation of ``short(_:digits:)`` and ``scientific(_:digits:)``: `−0.5 m`,
/// `10⁻³`, `3.1×10⁻⁵`; nil if there is none.
package func leadingNumber(of text: String) -> Double? {
  let mantissa = text.replacing("−", with: "-").prefix { $0.isASCII && ($0.isNumber || ".-e".contains($0)) }
  let rest = text.dropFirst(mantissa.count)
  func power(_ raised: Substring) -> Int? {
    Int(
      String(
        raised.prefix { $0 == "⁻" || raisedDigits.contains($0) }.map { digit in
          raisedDigits.firstIndex(of: digit).map { Character("\($0)") } ?? "-"
        }))
  }
  if mantissa == "10", let exponent = power(rest) { return pow(10, Double(exponent)) }
  if rest.hasPrefix("×10"), let exponent = power(rest.dropFirst(3)) {
    return Double(mantissa).map { $0 * pow(10, Double(exponent)) }
  }
  return Double(mantissa)
}

/// A number in program notation, with up to four significant digits: `0.5`, `-1.25`, `1.0e-05`.
///
/// It is meant for numbers shown next to a learner's own output, which has hyphens and no superscripts.
package func programNotation(_ value: Double) -> String {
  guard value.isFinite else { return value.isNaN ? "NaN" : value < 0 ? "-∞" : "∞" }
  if value == value.rounded(), abs(value) < 1e7 { return "\(Int(value))" }
  guard abs(value) >= 1e-4 && abs(value) < 1e7 else { return String(format: "%.1e", value) }
  return trimmed(String(format: "%.\(max(0, 3 - Int(log10(abs(value)).rounded(.down))))f", value))
}

private func notFinite(_ value: Double) -> String { value.isNaN ? "NaN" : value < 0 ? "−∞" : "∞" }

/// A decimal number without trailing zeros.
private func trimmed(_ text: String) -> String {
  text.contains(".") ? String(text.reversed().drop { $0 == "0" }.drop { $0 == "." }.reversed()) : text
}

/// A number with so many decimals, as records keep it: `rounded(0.12345, decimals: 3)` is 0.123.
public func rounded(_ value: Double, decimals: Int) -> Double {
  let scale = pow(10, Double(decimals))
  return (scale * value).rounded() / scale
}

/// A number with so many significant digits, as records keep it: `rounded(0.0012345, digits: 3)` is 0.00123.
///
/// NaN and infinity stay as they are.
public func rounded(_ value: Double, digits: Int) -> Double {
  value.isFinite ? Double(String(format: "%.\(max(1, digits) - 1)e", value)) ?? value : value
}
