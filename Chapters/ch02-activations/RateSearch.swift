// The best of many rates, found without trying all of them.

import Workbook

/// Rates that were tried, rising, with the mean error (%) of each on images kept back, and the best of them.
struct RateSearch: Codable, Sendable {
  var tried: [Float]
  var costs: [Double]
  var rate: Float

  /// Above this error (%) a net has learned nothing worth the name; guessing is 90.
  static let lost = 80.0

  /// The best but for those next to a rate at which a trial diverged, and counted as guessing: other seeds run afterwards.
  var steady: Float { tried[choice(costs.map { $0 > 30 ? .infinity : $0 })] }
  /// The error (%) at the rate.
  var cost: Double { tried.firstIndex(of: rate).map { costs[$0] } ?? .infinity }

  /// Whether the best rate lies between two worse ones.
  var isInside: Bool { rate != tried.first && rate != tried.last }

  /// Goes from the middle rate towards the better side until the best one lies between two worse ones; where all guess,
  /// to both ends.
  ///
  /// - Parameter error: the error after training with a rate.
  init(_ rates: [Float], by error: (Float) throws -> Double) rethrows {
    var found: [(rate: Float, error: Double)] = []
    func best() -> (rate: Float, error: Double)? { found.min { ($0.error, $0.rate) < ($1.error, $1.rate) } }
    func next() -> Float? {
      let isLost = best().map { $0.error > Self.lost } == true
      return isLost
        ? rates.first { rate in !found.contains { $0.rate == rate } }
        : ratesToTry(of: rates, from: rates.count / 2..<rates.count / 2 + 1, tried: found).first
    }
    while let rate = next() { found.append((rate, try error(rate))) }
    found.sort { $0.rate < $1.rate }
    (tried, rate) = (found.map(\.rate), best()?.rate ?? .nan)
    costs = found.map { rounded($0.error, decimals: 2) }
  }
}
