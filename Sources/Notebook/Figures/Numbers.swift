// Numbers as text, and the two mathematical functions that figures need.

import Basics
import Foundation

/// The power function, so that only this file needs Foundation's.
func power(_ base: Double, _ exponent: Double) -> Double { Foundation.pow(base, exponent) }

/// The cosine of an angle in turns.
func cosine(_ turns: Double) -> Double { Foundation.cos(turns * 2 * .pi) }

/// Numbers as text for people and for gnuplot.
package enum Numbers {
  /// A number for gnuplot, with seven significant digits; `NaN` if it is not finite, which gnuplot omits.
  package static func script(_ value: Double, digits: Int = 7) -> String {
    guard value.isFinite else { return "NaN" }
    if value == 0 { return "0" }
    // Colours are whole numbers of up to 24 bits and must stay exact.
    if value == value.rounded(), abs(value) < 1e9 { return String(Int(value)) }
    let exponent = Int(floor(log10(abs(value))))
    let shift = digits - 1 - exponent
    guard abs(shift) < 280 else { return "\(value)" }
    // Multiplying by a positive power of ten and dividing by it gives the double nearest to the rounded decimal number.
    let rounded =
      shift >= 0
      ? (value * power(10, Double(shift))).rounded() / power(10, Double(shift))
      : (value / power(10, Double(-shift))).rounded() * power(10, Double(-shift))
    let text = "\(rounded)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// A number in a sentence: three significant digits, or words if it is not finite.
  static func text(_ value: Double, digits: Int = 3) -> String {
    if value.isNaN { return "not a number" }
    if value.isInfinite { return value > 0 ? "infinity" : "minus infinity" }
    return short(value, digits: digits)
  }

  /// The decimal exponent of a number: −2 for 0.046.
  static func exponent(_ value: Double) -> Int { Int(log10(abs(value)).rounded(.down)) }
}
