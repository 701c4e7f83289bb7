// Bias and variance of the convolutional nets on digits: does the reason found on the moons hold for them?

import Foundation
import Workbook

/// What makes up the squared error of the answers to new digits, times 100: a sum over ten classes, and a mean over digits.
struct DigitParts: Codable, Sendable {
  struct Entry: Codable, Sendable {
    var name: String
    var setting: String
    var rate: Float
    /// (q̄ − y)², in which is what no net can avoid; the variance that the draw of the digits makes, and that of the initial
    /// weights and the order of the digits.
    var bias: Double
    var ofDigits: Double
    var ofStarts: Double
    /// Half of the intervals of the differences from the bare net, widened for all comparisons: of the bias, of the variance
    /// and of their sum.
    var uncertainties: [Double]

    var variance: Double { ofDigits + ofStarts }
    var error: Double { bias + variance }
  }
  /// How many sets of digits there are, and how many nets learn each of them.
  var draws: Int
  var starts: Int
  /// The first is the bare net.
  var entries: [Entry]
  /// The test errors, 0 … 1, of the mean of the bare nets of each set of digits.
  var errorsOfMean: [Double]

  var bare: Entry { entries[0] }

  /// What is taken apart.
  static let names = ["nothing", "L2", "dropout", "shift", "flip"]
}

extension DigitParts {
  private typealias Parts = (bias: Double, ofDigits: Double, ofStarts: Double)

  init(
    _ settings: [OwnDigits.Setting], _ draws: OwnDigits.Draws, seeds: [UInt64], starts: Int,
    report: @Sendable () -> Void = {}
  ) throws {
    var errorsOfMean: [Double] = []
    let all = try settings.map { restraint, rate -> [Parts] in
      let answers = try draws.answers(under: restraint, rate: rate, seeds: seeds, starts: starts, report: report)
      if restraint.kind == .none {
        errorsOfMean = seeds.indices.map { draw in
          let mean = draws.mean(Array(answers[draw * starts..<(draw + 1) * starts]))
          return rounded(draws.error(mean, draws.digits.test.labels), decimals: 4)
        }
      }
      return Self.values(answers, starts: starts, labels: draws.digits.test.labels)
    }
    self.init(
      draws: seeds.count, starts: starts,
      entries: zip(settings, all).map { setting, values in
        func change(_ part: (Parts) -> Double) -> Summary {
          Summary(zip(values, all[0]).map { part($0) - part($1) })
        }
        func mean(_ part: (Parts) -> Double) -> Double { rounded(Summary(values.map(part)).mean, digits: 3) }
        let changes = [
          change { $0.bias }, change { $0.ofDigits + $0.ofStarts }, change { $0.bias + $0.ofDigits + $0.ofStarts },
        ]
        return Entry(
          name: setting.restraint.name, setting: setting.restraint.setting, rate: setting.rate, bias: mean(\.bias),
          ofDigits: mean(\.ofDigits), ofStarts: mean(\.ofStarts),
          uncertainties: changes.map {
            $0.count < 3 ? 0 : rounded($0.uncertainty(among: max(1, settings.count - 1)), digits: 3)
          })
      }, errorsOfMean: errorsOfMean)
  }

  /// The parts, times 100, as pseudo-values of the jackknife over the sets of digits: their mean is the estimate, and their
  /// scatter that of the estimate.
  private static func values(_ answers: [[Double]], starts: Int, labels: [UInt8]) -> [Parts] {
    let count = answers.count / starts
    // For each set of digits the mean answer of its nets, and their scatter around it, summed over all answers.
    var means = [[Double]](), within = [Double]()
    for draw in 0..<count {
      let nets = answers[draw * starts..<(draw + 1) * starts]
      var (middle, scatter) = ([Double](repeating: 0, count: 10 * labels.count), 0.0)
      for i in middle.indices {
        let row = nets.map { $0[i] }
        middle[i] = row.reduce(0, +) / Double(starts)
        scatter += row.reduce(0) { $0 + ($1 - middle[i]) * ($1 - middle[i]) } / Double(max(1, starts - 1))
      }
      means.append(middle)
      within.append(scatter)
    }
    let sums = labels.indices.flatMap { n in (0..<10).map { k in means.reduce(0) { $0 + $1[10 * n + k] } } }
    let squares = sums.indices.map { i in means.reduce(0) { $0 + $1[i] * $1[i] } }
    /// Of all sets of digits, or of all but one.
    func parts(without left: Int?) -> Parts {
      let used = Double(count - (left == nil ? 0 : 1))
      let ofStarts = (within.reduce(0, +) - (left.map { within[$0] } ?? 0)) / used
      var (bias, among) = (0.0, 0.0)
      for i in sums.indices {
        let own = left.map { means[$0][i] } ?? 0
        let mean = (sums[i] - own) / used
        let scatter = (squares[i] - own * own - used * mean * mean) / max(1, used - 1)
        let target: Double = Int(labels[i / 10]) == i % 10 ? 1 : 0
        // The mean of few nets is off by their scatter over their number, which is no bias.
        bias += (mean - target) * (mean - target) - scatter / used
        among += scatter
      }
      let scale = 100 / Double(labels.count)
      // Means of few nets still scatter by their initial weights.
      return (scale * bias, scale * (among - ofStarts / Double(starts)), scale * ofStarts)
    }
    let all = parts(without: nil)
    guard count > 2 else { return (0..<count).map { _ in all } }
    return (0..<count).map { left in
      let (rest, n) = (parts(without: left), Double(count))
      return (
        n * all.bias - (n - 1) * rest.bias, n * all.ofDigits - (n - 1) * rest.ofDigits,
        n * all.ofStarts - (n - 1) * rest.ofStarts
      )
    }
  }
}
