// A claim as a picture: the published mark, what was measured, and what it is held against, on one scale.

import Basics
import Foundation

/// Where the numbers of a claim stand on a common scale from 0 to 1.
struct ClaimScale: Equatable {
  /// The published number, where there is one in the unit of the measurement.
  var published: Double?
  /// What was measured, with its interval.
  var measured: (at: Double, from: Double, to: Double)
  /// What it was held against.
  var against: [Double]
  /// The numbers at both ends of the line.
  var ends: (from: Double, to: Double)

  /// What the marks are, in Markdown.
  static let key =
    "On the lines: ● measured, with its standard deviation; ○ what it is compared with; ❙ the published value, where it is a number of the same unit. Each line has its own scale, from its left to its right number."

  static func == (a: ClaimScale, b: ClaimScale) -> Bool {
    a.published == b.published && a.measured == b.measured && a.against == b.against
  }

  /// The scale of a claim; nil where there is only one number, which needs no picture.
  init?(_ claim: Claim) {
    guard let measurement = claim.measurement, measurement.value.isFinite else { return nil }
    let mark = ClaimScale.published(claim.published, unit: measurement.unit)
    // Numbers of another unit are on another scale.
    let others = measurement.against.filter {
      $0.value.isFinite && ($0.unit.contains("%") == measurement.unit.contains("%"))
    }
    let spread = measurement.deviation ?? 0
    let all = [measurement.value - spread, measurement.value + spread] + others.map(\.value) + [mark].compactMap { $0 }
    guard mark != nil || !others.isEmpty, let least = all.min(), let most = all.max(), least < most else { return nil }
    let isLogarithmic = least > 0 && most / least > 20
    let ends = isLogarithmic ? (log10(least / 1.5), log10(most * 1.5)) : (min(least, 0), max(most, 0) * 1.08)
    func place(_ value: Double) -> Double {
      let value = isLogarithmic ? log10(max(value, least)) : value
      return min(max((value - ends.0) / (ends.1 - ends.0), 0), 1)
    }
    guard ends.1 > ends.0 else { return nil }
    published = mark.map(place)
    measured = (place(measurement.value), place(measurement.value - spread), place(measurement.value + spread))
    against = others.map { place($0.value) }
    self.ends = isLogarithmic ? (pow(10, ends.0), pow(10, ends.1)) : ends
  }

  /// The number that a published effect begins with, `0.707` or `about 6 times`, if it is of this unit.
  static func published(_ text: String, unit: String) -> Double? {
    let plain = Markdown.plain(text).replacing("−", with: "-").replacing(",", with: "")
    guard
      let match = plain.prefixMatch(of: #/(?:about |over |at least |up to |[≈~<>≤≥] ?)?(-?[0-9]+(?:\.[0-9]+)?)(.*)/#),
      let value = Double(match.1)
    else { return nil }
    let rest = match.2.drop { $0 == " " || $0 == "\u{A0}" }
    func kind(_ unit: some StringProtocol) -> String {
      unit.hasPrefix("%")
        ? "%"
        : unit.hasPrefix("×10")
          ? "power" : unit.hasPrefix("×") || unit.hasPrefix("times") ? "times" : String(unit.prefix { $0.isLetter })
    }
    return kind(rest) == kind(unit) ? value : nil
  }

  /// The scale as a drawing; what it shows stands beside it in words.
  var svg: String {
    func x(_ place: Double) -> String { short(4 + 152 * place, digits: 4) }
    let marks = against.map { "<circle class=\"other\" cx=\"\(x($0))\" cy=\"11\" r=\"4\"/>" }.joined()
    let mark = published.map { "<path class=\"said\" d=\"M\(x($0)),2V20\"/>" } ?? ""
    return
      "<svg class=\"scale\" viewBox=\"0 0 160 32\" aria-hidden=\"true\"><path class=\"base\" d=\"M4,11H156\"/>\(mark)\(marks)<path class=\"spread\" d=\"M\(x(measured.from)),11H\(x(measured.to))\"/><circle class=\"here\" cx=\"\(x(measured.at))\" cy=\"11\" r=\"4.5\"/><text x=\"4\" y=\"31\">\(short(ends.from, digits: 2))</text><text class=\"to\" x=\"156\" y=\"31\">\(short(ends.to, digits: 2))</text></svg>"
  }
}
