// S0's table once more, each network at a rate of its own.

import Foundation
import Workbook

/// LeNet-5, the same with the wrong σ′, and LeNet-5+, trained as long as in S0's table, each at the rate that suits it.
///
/// Rates are chosen on digits of the training set that are kept back, with two seeds of their own; the test digits and the
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
    /// Errors in percent on the digits kept back, the mean of all seeds for each rate.
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
  /// How many seeds choose a rate.
  static let choosers = 2
  private static let rates: [Float] = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1]

  /// Chooses and trains.
  init(measuredIn session: Session) throws {
    let variants = [Variant.plain, .published, .plus]
    (choiceEpochs, keptBack) = (10, session.digits.train.count / 6)
    let choosers = (0..<Self.choosers).map { session.seeds[0] &+ 100 &+ UInt64($0) }
    var held = session
    (held.digits.train, held.digits.test) = session.digits.train.splitting(
      validation: keptBack, seed: choosers[0])
    let epochs =
      variants.count * (Self.rates.count * choosers.count * choiceEpochs + session.seeds.count * session.epochs)
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
        let errors = try choosers.map { try run(tried, $0, choiceEpochs, in: held).errors.last ?? .nan }
        return Summary(errors).mean
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
