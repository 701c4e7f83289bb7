// Differences in words.

import Workbook

/// `saves 0.8 points`, `costs 1.3 points (95 %: 0.4 to 2.2)`: points of error that something saves, below 0 those that it
/// costs, with the 95 % interval of the mean from three seeds on.
func effect(_ saved: Summary) -> String {
  let points = saved.magnitude
  return "\(saved.mean < 0 ? "costs" : "saves") \(fixed(points.mean, 1)) points\(points.intervalNote())"
}

extension Dropouts {
  /// What its authors drop on digits, in full and by the name that the page gives it.
  static var authorsShares: String { "half of the hidden units and a fifth of the pixels dropped" }
  static var srivastava: String { "Srivastava's shares" }
}

/// The same without the interval: `saves 0.8 points`.
func size(_ saved: Summary) -> String {
  "\(saved.mean < 0 ? "costs" : "saves") \(fixed(saved.magnitude.mean, 1)) points"
}

/// `save 0.8 points`, `make no difference beyond chance`: what several things do.
func plural(_ saved: Summary) -> String {
  saves(saved) || costs(saved)
    ? "\(saved.mean < 0 ? "cost" : "save") \(fixed(saved.magnitude.mean, 1)) points"
    : "make no difference beyond chance"
}

/// `1.2 (0.8 to 1.6)`: a mean and its 95 % interval, which takes three seeds; `0.33 (0.07 to 0.59)` where one decimal would
/// not tell whether the interval contains 0.
func spread(_ gain: Summary) -> String {
  guard gain.count >= 3 else { return fixed(gain.mean, 1) }
  let isClose = fixed(abs(gain.mean), 1) == fixed(gain.uncertainty, 1) && abs(gain.mean) > 0.05
  let decimals = isClose ? 2 : 1
  return "\(fixed(gain.mean, decimals)) (\(gain.interval(decimals)))"
}

/// Whether something saves points of error, or costs some, beyond chance.
func saves(_ saved: Summary) -> Bool { isClear(saved, beyond: 0) && saved.mean > 0 }
func costs(_ saved: Summary) -> Bool { isClear(saved, beyond: 0) && saved.mean < 0 }

/// What an axis and a caption say of intervals, which are drawn from three seeds on.
func intervalLabel(_ seeds: Int) -> String { seeds < 3 ? "" : ", 95 % interval" }
func intervalBars(_ seeds: Int, _ form: String = "bars") -> String {
  seeds < 3 ? "" : ", \(form) its 95 % interval"
}

/// An effect in points, or that there is none to be told from chance.
func effectOrNone(_ saved: Summary, _ words: (Summary) -> String = effect) -> String {
  saves(saved) || costs(saved) ? words(saved) : "makes no difference beyond chance"
}

/// Seed by seed, over those that both have.
func difference(_ first: Summary, _ second: Summary) -> Summary {
  let count = min(first.count, second.count)
  return Summary(Array(first.values.prefix(count))) - Summary(Array(second.values.prefix(count)))
}
