// The full recipe on few digits; and nets of the first table at other rates.

import Foundation
import Workbook

extension Worth {
  /// How many digits each seed draws, and how long it trains on them.
  static let (fewDigits, fewEpochs) = (5_000, 30)
  /// The full recipe on few digits, whole or with one part left out, as the list of trials names it.
  static func few(_ part: TaughtPart?) -> String {
    part.map { "few digits, \($0.trial)\($0 == .norm ? "" : ", without last norm")" } ?? "few digits, without last norm"
  }

  /// The rates to choose from with momentum.
  static let ladder: [Float] = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100]

  /// A network trained to the end at a given rate, as the list of trials names it.
  static func toTheEnd(_ name: String, _ rate: Float) -> String { "\(name), to the end, rate \(short(Double(rate)))" }

  /// The networks that are trained to the end at the rates beside their own as well.
  static let neighbours: [(name: String, recipe: Recipe, rates: [Float])] = [
    ("LeNet-5", Recipe(net: .plain), [0.1, 0.5]), ("LeNet-5+", Recipe(net: .plus), [0.05, 0.1]),
    (listed, .normed, [0.02, 0.2]),
  ]
}

extension Worth.Job {
  /// Trains once.
  ///
  /// - Throws: `Divergence` where the loss is no number any more.
  func run(in session: Session) throws -> RunFindings {
    var session = session
    if let images {
      session.digits.train = session.digits.train.splitting(validation: images, seed: seed).validation
    }
    var found = RunFindings(
      try recipe.trained(
        as: Variant(trial, recipe.net, color: 0), rate: rate, seed: seed, epochs: epochs, in: session,
        testsEachEpoch: images == nil))
    if images != nil { found.errors = [found.finalError] }
    return found
  }
}

extension Worth.Part {
  /// The networks at the rates beside their own, to the end.
  func neighbourPlans(_ session: Session) -> [Worth.Plan] {
    Worth.neighbours.flatMap { network in
      network.rates.map { rate in
        Worth.Plan(
          name: Worth.toTheEnd(network.name, rate), recipe: network.recipe, ladder: [rate], first: 0...0,
          choiceEpochs: 0, epochs: session.epochs, seeds: session.seeds)
      }
    }
  }
}
