// Axis scales: the division of axes into ticks.

import Basics
import Foundation

/// An axis ready for drawing: its two ends and its ticks.
struct AxisScale: Sendable {
  var low: Double
  var high: Double
  var isLogarithmic: Bool
  var ticks: [(place: Double, label: String)] = []
  var minorTicks: [Double] = []

  /// The largest magnitude that is drawn, because gnuplot cannot place larger ones.
  static let limit = 1e100

  /// Whether a value can be drawn on a linear or logarithmic axis.
  static func isDrawable(_ value: Double, log: Bool) -> Bool {
    value.isFinite && abs(value) < limit && (!log || value > 1e-100)
  }

  /// Creates the scale of an axis for data.
  ///
  /// - Parameter count: The approximate number of ticks.
  init(_ axis: Axis, over data: some Sequence<Double>, count: Int, padding: Double = 0.04, nearZero: Bool = false) {
    isLogarithmic = axis.isLogarithmic
    var least = Double.infinity, most = -Double.infinity, isWhole = true
    for value in data where AxisScale.isDrawable(value, log: isLogarithmic) {
      isWhole = isWhole && value == value.rounded()
      if value < least { least = value }
      if value > most { most = value }
    }
    if let range = axis.range, AxisScale.isDrawable(range.lowerBound, log: isLogarithmic),
      AxisScale.isDrawable(range.upperBound, log: isLogarithmic), range.lowerBound < range.upperBound
    {
      (low, high) = (range.lowerBound, range.upperBound)
    } else if least > most {
      (low, high) = isLogarithmic ? (0.1, 10) : (0, 1)
    } else if isLogarithmic {
      // At least half a decade, so that a flat curve does not look rough.
      let middle = (log10(least) + log10(most)) / 2
      let half = max((log10(most) - log10(least)) / 2 * (1 + 2 * padding), 0.25)
      (low, high) = (power(10, middle - half), power(10, middle + half))
    } else {
      if nearZero, least > 0, least < 0.3 * most { least = 0 }
      if nearZero, most < 0, most > 0.3 * least { most = 0 }
      var room = (most - least) * padding
      if most - least <= abs(most) * 1e-9 { room = most == 0 ? 1 : abs(most) * 0.1 }
      (low, high) = (least == 0 && nearZero ? 0 : least - room, most == 0 && nearZero ? 0 : most + room)
    }
    if !(low < high) { high = low + max(abs(low) * 0.1, 1) }
    if !axis.ticks.isEmpty {
      ticks = axis.ticks.filter { $0.place >= low && $0.place <= high }.sorted { $0.place < $1.place }
    } else if isLogarithmic {
      divideLogarithmically(count)
    } else {
      divide(count, intoWholes: isWhole && least < most)
    }
  }

  /// The scale of a horizontal axis of the given width in pixels, without the labels that would touch the previous one;
  /// their ticks remain.
  func withoutTouchingLabels(width: Double, size: Double) -> AxisScale {
    var scale = self, end = -Double.infinity
    for (index, tick) in ticks.enumerated() {
      let (middle, half) = (fraction(tick.place) * width, TextExtent.width(tick.label, size) / 2)
      if middle - half < end + size * 0.3 { scale.ticks[index].label = "" } else { end = middle + half }
    }
    return scale
  }

  /// The two ends.
  var range: ClosedRange<Double> { low...max(low, high) }

  /// The position of a value, 0 at the low end and 1 at the high end.
  func fraction(_ value: Double) -> Double {
    let place =
      isLogarithmic
      ? (log10(max(value, 1e-300)) - log10(low)) / (log10(high) - log10(low)) : (value - low) / (high - low)
    // Clamp values far outside, so that their pixels fit in an Int.
    return place.isNaN ? 0 : min(max(place, -1000), 1000)
  }

  /// The value at a position.
  func value(at fraction: Double) -> Double {
    isLogarithmic
      ? power(10, log10(low) + fraction * (log10(high) - log10(low))) : low + fraction * (high - low)
  }

  /// Ticks at 1, 2, 2.5 or 5 times a power of ten, with equal decimals. If all values are whole numbers, such as layers
  /// or steps, so are the ticks.
  private mutating func divide(_ count: Int, intoWholes: Bool) {
    let raw = (high - low) / Double(max(count, 1))
    let unit = power(10, floor(log10(raw)))
    guard unit > 0, unit.isFinite else { return }
    let steps = [1, 2, 2.5, 5, 10].map { $0 * unit }.filter { !intoWholes || $0 == $0.rounded() }
    let step = steps.first { $0 >= raw * 0.999 } ?? (intoWholes ? max(1, unit * 10) : unit * 10)
    let first = (low / step - 1e-6).rounded(.up), last = (high / step + 1e-6).rounded(.down)
    guard first <= last, last - first < 100 else { return }
    let places = (0...Int(last - first)).map { (first + Double($0)) * step }
    let size = max(abs(low), abs(high))
    if size >= 1e7 || size < 1e-3 {
      ticks = places.map { ($0, Numbers.text($0)) }
    } else {
      var decimals = max(0, -Int(floor(log10(step) + 1e-9)))
      if abs(step / unit - 2.5) < 1e-6 { decimals = max(0, 1 - Int(floor(log10(unit) + 1e-9))) }
      let groups = size >= 10_000 && decimals == 0
      ticks = places.map {
        ($0, groups ? grouped(Int($0.rounded()), always: true) : fixed($0, decimals))
      }
    }
  }

  /// Ticks at powers of ten, and at 1, 2 and 5 times them if those are too few. Labels from 0.01 to 10,000 are plain
  /// numbers; others have the form 10⁻³.
  private mutating func divideLogarithmically(_ count: Int) {
    let from = Int((log10(low) - 1e-9).rounded(.up)), to = Int((log10(high) + 1e-9).rounded(.down))
    let isPlain = from >= -2 && to <= 4
    let powers = from <= to ? to - from + 1 : 0
    let below = Int(floor(log10(low)))
    if powers < 2 || isPlain && count >= 4 && log10(high / low) < 2.4 {
      let sets: [[Double]] = [[1, 2, 5], [1, 1.5, 2, 3, 4, 5, 7]]
      for factors in sets {
        ticks = []
        for e in below...max(below, to + 1) {
          for f in factors {
            let v = f * power(10, Double(e))
            if v >= low * 0.9999, v <= high * 1.0001 { ticks.append((v, isPlain ? short(v) : Numbers.text(v))) }
          }
        }
        if ticks.count >= 2 { break }
      }
    } else {
      let stride = max(1, Int((Double(powers) / Double(max(count, 1))).rounded(.up)))
      for e in from...to where (e - from) % stride == 0 {
        let place = power(10, Double(e))
        ticks.append((place, isPlain ? short(place) : "10" + superscript(e)))
      }
      if stride > 1 {
        minorTicks = (from...to).filter { ($0 - from) % stride != 0 }.map { power(10, Double($0)) }
        return
      }
    }
    guard to - below < 9 else { return }
    for e in below...max(below, to) {
      for f in 1...9 {
        let v = Double(f) * power(10, Double(e))
        if v > low, v < high, !ticks.contains(where: { abs($0.place - v) < v * 1e-6 }) { minorTicks.append(v) }
      }
    }
  }
}
