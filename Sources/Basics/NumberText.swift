// Numbers as text: as sentences have them, with so many decimals, with their thousands set apart.

import Foundation

/// A number with so many digits that matter: `0.046`, `34`, `59,123`, `2.8×10⁻⁵`, `10⁻⁷`.
///
/// From 10⁻⁴ to 10⁶ it is written out; a whole part is never rounded to fewer digits than it has.
///
/// - Parameters:
///   - value: any number; what is not finite says so.
///   - digits: how many significant digits, at least 1; zeros at the end are left out.
public func short(_ value: Double, digits: Int = 2) -> String {
  guard value.isFinite else { return notFinite(value) }
  if value == 0 { return "0" }
  let digits = max(1, digits), size = abs(value), sign = value < 0 ? "−" : ""
  // Rounded before it is looked at: with two digits 9.96 is 10, and 999,999 a million.
  let parts = String(format: "%.\(digits - 1)e", size).split(separator: "e")
  let mantissa = trimmed(String(parts[0])), exponent = Int(parts[1]) ?? 0
  if (-4..<digits).contains(exponent) { return sign + trimmed(String(format: "%.\(digits - 1 - exponent)f", size)) }
  if (digits..<6).contains(exponent) { return sign + grouped(Int(size.rounded())) }
  return sign + (mantissa == "1" ? "" : mantissa + "×") + "10" + superscript(exponent)
}

/// A number with so many digits after the point, without a locale: `fixed(0.784, 2)` is `0.78`.
///
/// A true minus stands before negative numbers, zeros have no sign, and what is no number says so.
public func fixed(_ value: Double, _ decimals: Int) -> String {
  guard value.isFinite else { return notFinite(value) }
  let text = String(format: "%.\(max(0, decimals))f", abs(value))
  return value < 0 && text.contains(where: { ("1"..."9").contains($0) }) ? "−" + text : text
}

/// A whole number with its thousands set apart, from five digits on: `2416`, `61,706`.
public func grouped(_ number: Int) -> String { grouped(number, always: false) }

/// A whole number with its thousands set apart: `61,706`.
///
/// - Parameter always: whether numbers of four digits are set apart too, `2,416`, as they are beside longer ones.
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

/// A number with what is counted: `3 seeds`, `1 seed`.
///
/// - Parameters:
///   - number: how many.
///   - noun: what one is called.
///   - plural: what several are called, unless they end in s.
public func counted(_ number: Int, _ noun: String, _ plural: String? = nil) -> String {
  "\(grouped(number)) \(number == 1 ? noun : plural ?? noun + "s")"
}

/// A share of one as per cent: `16 %`.
public func percent(_ share: Double, _ decimals: Int = 0) -> String { fixed(100 * share, decimals) + " %" }

/// A number as a power of ten times another: `3.1×10⁻⁵`, with so many digits after the point.
package func scientific(_ value: Double, digits: Int) -> String {
  guard value.isFinite else { return notFinite(value) }
  let parts = String(format: "%.\(digits)e", abs(value)).split(separator: "e")
  return (value < 0 ? "−" : "") + parts[0] + "×10" + superscript(Int(parts[1]) ?? 0)
}

/// A whole number raised: `⁻³`.
package func superscript(_ exponent: Int) -> String {
  String(String(exponent).map { $0 == "-" ? "⁻" : raisedDigits[$0.wholeNumberValue ?? 0] })
}

private let raisedDigits: [Character] = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]

/// The number that a text begins with, as ``short(_:digits:)`` and ``scientific(_:digits:)`` write it: `−0.5 m`, `10⁻³`,
/// `3.1×10⁻⁵`; nil where there is none.
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

/// A number as a program prints it, to four significant digits: `0.5`, `-1.25`, `1.0e-05`.
///
/// For what stands beside a learner's own numbers, which have no true minus and no raised digits.
package func programNotation(_ value: Double) -> String {
  guard value.isFinite else { return value.isNaN ? "NaN" : value < 0 ? "-∞" : "∞" }
  if value == value.rounded(), abs(value) < 1e7 { return "\(Int(value))" }
  guard abs(value) >= 1e-4 && abs(value) < 1e7 else { return String(format: "%.1e", value) }
  return trimmed(String(format: "%.\(max(0, 3 - Int(log10(abs(value)).rounded(.down))))f", value))
}

private func notFinite(_ value: Double) -> String { value.isNaN ? "NaN" : value < 0 ? "−∞" : "∞" }

/// A decimal number without the zeros at its end.
private func trimmed(_ text: String) -> String {
  text.contains(".") ? String(text.reversed().drop { $0 == "0" }.drop { $0 == "." }.reversed()) : text
}
