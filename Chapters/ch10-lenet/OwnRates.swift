// S0's table once more, each network at a rate of its own.

import Foundation
import Workbook

/// The four networks, trained as long as in S0's table, each at the rate that suits it.
///
/// Rates are chosen on digits of the training set that are kept back, with a seed of their own; the test digits and the
/// seeds of the table have no part in it.
struct OwnRates: Codable, Sendable {
  /// How long the networks of the choice were trained, and on how many digits they were judged.
  var choiceEpochs: Int
  var keptBack: Int
  var choices: [Choice]
  /// In the order of the choices, on all training digits.
  var results: [VariantResults]

  struct Choice: Codable, Sendable {
    var name: String
    var rates: [Double]
    /// Errors in percent on the digits kept back, one for each rate.
    var errors: [Double]

    /// The rate with the fewest mistakes; the smaller one of a tie.
    var rate: Double { rates[errors.indices.min { errors[$0] < errors[$1] } ?? 0] }
    /// Whether a better one may lie beyond those tried.
    var isAtEnd: Bool { rate == rates.min() || rate == rates.max() }
  }

  func named(_ name: String) -> VariantResults? { results.first { $0.name == name } }
  func choice(_ name: String) -> Choice? { choices.first { $0.name == name } }
}

extension OwnRates {
  private static let rates: [Float] = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1]

  /// Chooses and trains.
  init(measuredIn session: Session) throws {
    let variants = [Variant.plain, .published, .plus, .plusPlus]
    (choiceEpochs, keptBack) = (10, session.digits.train.count / 6)
    let seed = session.seeds[0] &+ 100
    var held = session
    (held.digits.train, held.digits.test) = session.digits.train.splitting(validation: keptBack, seed: seed)
    let epochs = variants.count * (Self.rates.count * choiceEpochs + session.seeds.count * session.epochs)
    let bar = ProgressBar("own rates", total: 1000 * epochs)
    var done = 0
    func run(_ variant: Variant, _ seed: UInt64, _ epochs: Int, in session: Session) throws -> TrainedRun {
      defer { done += 1000 * epochs }
      return try train(variant, seed: seed, in: session, epochs: epochs) { progress in
        bar.update(
          done + Int(1000 * Double(epochs) * progress.fraction),
          "\(variant.name), epoch \(progress.epoch)/\(epochs)")
      }
    }
    (choices, results) = ([], [])
    for variant in variants {
      let errors = try Self.rates.map { rate in
        let tried = variant.with("choice, rate \(short(Double(rate)))") { $0.rate = rate }
        return try run(tried, seed, choiceEpochs, in: held).errors.last ?? .nan
      }
      let choice = Choice(name: variant.name, rates: Self.rates.map(Double.init), errors: errors)
      let own = variant.with("own rate") { $0.rate = Float(choice.rate) }
      choices.append(choice)
      var result = VariantResults(own, try session.seeds.map { try run(own, $0, session.epochs, in: session) })
      result.name = variant.name
      results.append(result)
    }
    bar.finish()
  }
}
