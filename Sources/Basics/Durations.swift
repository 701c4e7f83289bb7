// Durations as readable text.

/// The precision with which a duration is written.
package enum DurationStyle: Sendable {
  /// Elapsed time: `0.8 s`, `12 s`.
  case past
  /// Remaining time: whole seconds, rounded up.
  case left
  /// Measurements for comparison: `1.65 s`, `203.1 µs`.
  case measured
}

/// A duration as readable text: `0.8 s`, `12 s`, `3 min 20 s`, `1 h 05 min`.
public func readableDuration(seconds: Double) -> String { readableDuration(seconds: seconds, .past) }

/// A duration as readable text, with the precision of `style`.
package func readableDuration(seconds: Double, _ style: DurationStyle) -> String {
  guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "–" }
  switch style {
  case .past where seconds < 0.0995: return fixed(seconds * 1000, seconds < 0.00995 ? 1 : 0) + " ms"
  case .past where seconds < 9.95: return fixed(seconds, 1) + " s"
  case .measured where seconds < 1e-3: return fixed(seconds * 1e6, 1) + " µs"
  case .measured where seconds < 1: return fixed(seconds * 1e3, 2) + " ms"
  case .measured where seconds < 60: return fixed(seconds, 2) + " s"
  default: break
  }
  let whole = Int(seconds.rounded(style == .left ? .up : .toNearestOrAwayFromZero))
  if whole < 60 { return "\(whole) s" }
  func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
  if whole < 3600 { return "\(whole / 60) min \(two(whole % 60)) s" }
  return "\(whole / 3600) h \(two(whole % 3600 / 60)) min"
}
