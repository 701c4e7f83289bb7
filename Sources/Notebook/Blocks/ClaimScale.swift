// A claim as a picture: the published value, the measurement, and the numbers it is compared with, on one scale.

import Basics
import Foundation

/// The positions of a claim's numbers on a common scale from 0 to 1.
struct ClaimScale: Equatable {
  /// A number on the line: its position and its text.
  struct Mark: Equatable {
    var at: Double
    var text: String
  }

  /// The published number, if there is one in the unit of the measurement.
  var published: Mark?
  /// The measured number.
  var measured: Mark
  /// The measured number minus and plus its standard deviation.
  var spread: (from: Double, to: Double)
  /// The numbers it is compared with.
  var against: [Mark]
  /// The numbers at both ends of the line.
  var ends: (from: Double, to: Double)
  /// Whether equal distances are equal ratios.
  var isLogarithmic: Bool
  /// The unit of the numbers: `%`, `steps`; empty if it is not known.
  var unit: String

  /// A key to the marks, in Markdown.
  static let key =
    "On the lines: ● measured, with its standard deviation; ○ what it is compared with; ❙ the published value, where it is a number of the same unit. Each line has its own scale, from its left to its right number; “log” marks a logarithmic one."

  static func == (a: ClaimScale, b: ClaimScale) -> Bool {
    a.published == b.published && a.measured == b.measured && a.spread == b.spread && a.against == b.against
  }

  /// Creates the scale of a claim; nil if there is only one number, which needs no picture.
  init?(_ claim: Claim) {
    guard let measurement = claim.measurement, measurement.value.isFinite else { return nil }
    let kinds = ClaimScale.kinds(of: measurement)
    // Numbers with another unit need another scale.
    let others = zip(measurement.against, kinds.against).filter { $0.value.isFinite && $1 == kinds.measured }.map(\.0)
    let mark = ClaimScale.published(claim.published, unit: measurement.unit)
    let values = [measurement.value] + others.map(\.value) + [mark].compactMap { $0 }
    let deviation = measurement.deviation ?? 0
    guard values.count > 1, let least = values.min(), let most = values.max() else { return nil }
    var (low, high) = (measurement.value - deviation, measurement.value + deviation)
    // A percentage lies between 0 and 100 %, whatever its deviation.
    if kinds.measured == "%" && least >= 0 && most <= 100 { (low, high) = (max(low, 0), min(high, 100)) }
    isLogarithmic = least > 0 && most / least > 20
    let (first, last) = (min(low, least), max(high, most))
    let ends = isLogarithmic ? (log10(least / 1.5), log10(last * 1.5)) : (min(first, 0), max(last, 0) * 1.08)
    guard ends.0 < ends.1, first < last else { return nil }
    let isLogarithmic = isLogarithmic
    func place(_ value: Double) -> Double {
      let value = isLogarithmic ? log10(max(value, least / 1.5)) : value
      return min(max((value - ends.0) / (ends.1 - ends.0), 0), 1)
    }
    func written(_ measurement: Claim.Measurement) -> String {
      var alone = measurement
      alone.against = []
      return alone.text
    }
    published = mark.map { Mark(at: place($0), text: Markdown.plain(claim.published)) }
    measured = Mark(at: place(measurement.value), text: written(measurement))
    spread = (place(low), place(high))
    against = others.map { Mark(at: place($0.value), text: written($0)) }
    self.ends = isLogarithmic ? (pow(10, ends.0), pow(10, ends.1)) : ends
    unit = ["%", "steps", "points", "epochs", "decades"].contains(kinds.measured) ? kinds.measured : ""
  }

  /// The units of a measurement and of the numbers it is compared with. In `302 steps against 31 with cross-entropy`
  /// both are steps; in `3.6 against 0.6 decades` both are decades.
  static func kinds(of measurement: Claim.Measurement) -> (measured: String, against: [String]) {
    func named(_ one: Claim.Measurement) -> String? {
      let text = one.lead + " " + one.unit
      let words = text.split { $0 == " " || $0 == "\u{A0}" || $0 == "," }.map(String.init)
      if let sign = words.first(where: { ["%", "×", "÷", "times"].contains($0) || $0.hasPrefix("×10") }) {
        return sign == "times" ? "×" : sign
      }
      let units: Set = ["steps", "points", "decades", "million", "epochs", "operations"]
      return words.first { units.contains($0) }
    }
    let own = named(measurement)
    let first = measurement.against.first.flatMap(named)
    let measured = own ?? (measurement.unit.isEmpty ? first ?? "" : "")
    var last = measured
    return (
      measured,
      measurement.against.map { other in
        last = named(other) ?? last
        return last
      }
    )
  }

  /// The number at the start of a published effect, `0.707` or `about 6 times`, if it has the given unit.
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

  /// The scale as a drawing; the text beside it states the same.
  var svg: String {
    func x(_ place: Double) -> String { short(4 + 152 * place, digits: 4) }
    func title(_ mark: Mark) -> String { "<title>\(mark.text.escapedForMarkup)</title>" }
    let marks = against.map {
      "<circle class=\"other\" cx=\"\(x($0.at))\" cy=\"11\" r=\"4\">\(title($0))</circle>"
    }
    let mark = published.map { "<path class=\"said\" d=\"M\(x($0.at)),2V20\">\(title($0))</path>" } ?? ""
    let middle = isLogarithmic ? "<text class=\"kind\" x=\"80\" y=\"31\">log</text>" : ""
    let end = short(ends.to, digits: 2) + (unit.isEmpty ? "" : " " + unit)
    return
      "<svg class=\"scale\" viewBox=\"0 0 160 32\" aria-hidden=\"true\"><path class=\"base\" d=\"M4,11H156\"/>\(mark)\(marks.joined())<path class=\"spread\" d=\"M\(x(spread.from)),11H\(x(spread.to))\"/><circle class=\"here\" cx=\"\(x(measured.at))\" cy=\"11\" r=\"4.5\">\(title(measured))</circle><text x=\"4\" y=\"31\">\(short(ends.from, digits: 2))</text>\(middle)<text class=\"to\" x=\"156\" y=\"31\">\(end)</text></svg>"
  }
}
