// The best of many rates, found without trying all of them.

import Workbook

/// Rates that were tried, rising, with the mean error (%) of each on images kept back, and the best of them.
struct RateSearch: Codable, Sendable {
  var tried: [Float]
  var costs: [Double]
  var rate: Float

  /// Above this error (%) a net has learned nothing worth the name; guessing is 90.
  static let lost = 80.0

  /// Whether the best rate lies between two worse ones.
  var isInside: Bool { rate != tried.first && rate != tried.last }

  /// Goes from the middle rate towards the better side until the best one lies between two worse ones; where all guess,
  /// to both ends.
  ///
  /// - Parameter error: the error after training with a rate.
  init(_ rates: [Float], by error: (Float) throws -> Double) rethrows {
    var found: [Int: Double] = [:]
    func best() -> Int { found.min { ($0.value, $0.key) < ($1.value, $1.key) }?.key ?? rates.count / 2 }
    func next() -> Int? {
      let place = best()
      let isLost = found[place].map { $0 > Self.lost } == true
      return (isLost ? Array(rates.indices) : [place, place - 1, place + 1]).first {
        rates.indices.contains($0) && found[$0] == nil
      }
    }
    while let place = next() { found[place] = try error(rates[place]) }
    let order = found.keys.sorted()
    (tried, rate) = (order.map { rates[$0] }, rates[best()])
    costs = order.map { ((found[$0] ?? .nan) * 100).rounded() / 100 }
  }
}
