// Adam with L2 in the gradient, and AdamW, which lets the weights decay in a step of its own: on the board's digits.

import Foundation
import Workbook

/// A training with Adam on digits that each seed draws.
struct AdamTraining: Codable, Sendable {
  var name: String
  /// λ as it is written.
  var setting: String
  var rate: Float
  /// Test errors in per cent, seed by seed.
  var errors: [Double]
}

extension AdamTraining {
  typealias Setting = OwnDigits.Setting

  /// Adam alone, with L2, and AdamW, each at the rate and the strength that few seeds chose, then each seed with its own
  /// digits.
  static func all(
    _ draws: OwnDigits.Draws, seeds: [UInt64], choosing: Int, report: () -> Void = {}
  ) throws -> [AdamTraining] {
    let ways: [(name: String, lambdas: [Float], optimizer: (Float) -> any Optimizer)] = [
      ("Adam", [0], { _ in Adam() }),
      ("Adam, L2", [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03], { Adam(weightDecay: $0) }),
      ("AdamW", [0.03, 0.1, 0.3, 1, 3, 10], { AdamW(weightDecay: $0) }),
    ]
    return try ways.map { way in
      // The weakest and the strongest are tried where their neighbours are the best.
      let first = way.lambdas.count > 1 ? Array(way.lambdas.dropFirst().dropLast()) : way.lambdas
      var all: [Setting] = [Float(0.001), 0.002, 0.004].flatMap { rate in
        first.map { (restraint(way.name, $0, way.optimizer($0)), rate) }
      }
      var tried = try draws.runs(all, seeds.prefix(choosing), report: report)
      var best = 0
      while true {
        let errors = tried.map { Summary($0.map(\.validationError)).mean }
        best = errors.indices.min { errors[$0] < errors[$1] } ?? 0
        let (chosen, rate) = all[best]
        let lambda = chosen.decay
        func isKnown(_ lambda: Float, _ rate: Float) -> Bool {
          all.contains { $0.restraint.decay == lambda && $0.rate == rate }
        }
        // The neighbours of the best, in both directions.
        let place = way.lambdas.firstIndex(of: lambda) ?? 0
        let strengths = [place - 1, place + 1].filter(way.lambdas.indices.contains).map { (way.lambdas[$0], rate) }
        let next = (strengths + [(lambda, rate / 2), (lambda, 2 * rate)]).filter {
          !isKnown($0.0, $0.1) && (0.0002...0.07).contains($0.1)
        }
        guard !next.isEmpty else { break }
        let more: [Setting] = next.map { (restraint(way.name, $0.0, way.optimizer($0.0)), $0.1) }
        all += more
        tried += try draws.runs(more, seeds.prefix(choosing), report: report)
      }
      let rest = try draws.runs([all[best]], seeds.dropFirst(choosing), report: report)[0]
      return AdamTraining(
        name: way.name, setting: all[best].restraint.setting, rate: all[best].rate,
        errors: (tried[best] + rest).map { rounded(100 * $0.testError, decimals: 2) })
    }
  }

  private static func restraint(_ name: String, _ lambda: Float, _ optimizer: any Optimizer) -> Restraint {
    Restraint(name, lambda > 0 ? .weights : .none) {
      ($0.optimizer, $0.decay) = (optimizer, lambda)
      $0.note = lambda > 0 ? "λ = \(lambda)" : ""
    }
  }
}
