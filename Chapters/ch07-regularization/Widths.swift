// The board's net without a regularizer, narrower and wider.

import Foundation
import Workbook

/// The net of the digits with a multiple of its kernels and units, at the rate that all seeds choose.
struct WidthTraining: Codable, Sendable {
  var width: Double
  var parameters: Int
  var rate: Float
  /// In per cent: the mean error on a net's own digits, and seed by seed that on new ones.
  var trainingError: Double
  var testErrors: [Double]
}

extension WidthTraining {
  /// As multiples of the usual net, which is measured already.
  static let widths = [0.5, 2, 4]

  /// The parameters of the usual one.
  static var usual: Int {
    (try? Model(smallNet(Restraint("nothing", .none), on: [1, 28, 28]), input: [1, 28, 28], seed: 1).parameterCount)
      ?? 0
  }

  /// Each at three rates, and on while an end of them is the best on validation digits.
  static func all(
    _ draws: OwnDigits.Draws, seeds: [UInt64], report: () -> Void = {}
  ) throws -> [WidthTraining] {
    try widths.map { width in
      let restraint = Restraint("width", .none) { $0.width = width }
      var rates: [Float] = [0.02, 0.04, 0.08]
      var tried: [[RestraintRun]] = []
      var found = 0
      while true {
        tried += try draws.runs(rates.dropFirst(tried.count).map { (restraint, $0) }, seeds[...], report: report)
        let errors = tried.map { Summary($0.map(\.validationError)).mean }
        found = errors.indices.min { errors[$0] < errors[$1] } ?? 0
        guard PhotographBoard.ends(rates).contains(rates[found]), (0.005...0.32).contains(rates[found]) else { break }
        rates.append(rates[found] == rates.min() ? rates[found] / 2 : 2 * rates[found])
      }
      return WidthTraining(
        width: width,
        parameters: try Model(smallNet(restraint, on: [1, 28, 28]), input: [1, 28, 28], seed: 1).parameterCount,
        rate: rates[found], trainingError: rounded(100 * Summary(tried[found].map(\.trainingError)).mean, digits: 3),
        testErrors: tried[found].map { rounded(100 * $0.testError, digits: 4) })
    }
  }
}
