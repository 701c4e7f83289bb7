// What was measured after the first readers: the last row on few digits, a rate for LeNet-5 with batch normalization that
// is chosen like the others, and LeNet-5+ at smaller rates.

import Foundation
import Workbook

extension Worth {
  /// How many digits each seed draws, and how long it trains on them.
  static let (fewDigits, fewEpochs) = (5_000, 30)
  /// The same network with few digits, as the list of trials names it.
  static func few(_ part: TaughtPart?) -> String { "few digits, \(part?.trial ?? "all")" }

  /// The other rates of the whole and of the net without max pooling, which have one of these already.
  static let fewRates: [Float] = [0.03, 0.1, 0.3]
  static func few(_ part: TaughtPart?, rate: Float) -> String { "\(few(part)), rate \(short(Double(rate)))" }

  /// The errors of the seeds with few digits at one of these rates; nil where there are none.
  func fewErrors(_ part: TaughtPart?, rate: Float) -> Summary? {
    let own = self[Self.few(part)].flatMap { Float($0.choice.rate) == rate ? $0 : nil }
    guard let trial = own ?? self[Self.few(part, rate: rate)], trial.runs.count >= 8 else { return nil }
    return Summary(trial.runs.prefix(8).map(\.finalError))
  }

  /// The rates among which LeNet-5 with batch normalization chooses, how long, and with how many seeds.
  static let normChoiceRates: [Float] = [0.2, 0.5, 1, 2, 5]
  static let (normChoiceEpochs, normChoiceSeeds) = (10, 2)
  static func normChoice(_ rate: Float) -> String { "norm, choice, rate \(short(Double(rate)))" }
  static let normOwn = "norm, own rate"

  /// The rates below its own that LeNet-5+ is trained at as well.
  static let plusRates: [Float] = [0.05, 0.1]
  static func plusTrial(_ rate: Float) -> String { "LeNet-5+, to the end, rate \(short(Double(rate)))" }

  /// The rates of LeNet-5 with batch normalization and their errors on the digits kept back, over the seeds of the choice;
  /// nil where not all were tried.
  var normChoice: OwnRates.Choice? {
    let tried = Self.normChoiceRates.compactMap { self[Self.normChoice($0)] }
    guard tried.count == Self.normChoiceRates.count, tried.allSatisfy({ $0.runs.count == Self.normChoiceSeeds }) else {
      return nil
    }
    return OwnRates.Choice(
      name: Self.normOwn, rates: tried.map { $0.choice.rates[0] }, errors: tried.map(\.finalError.mean))
  }
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
  /// The last row and what is left of it without one part, on few digits, each at the best of three rates or more.
  func fewPlans(_ found: VariantFindings, _ seeds: [UInt64]) -> [Worth.Plan] {
    let ladder: [Float] = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100]
    func plan(_ part: TaughtPart?) -> Worth.Plan? {
      // Around the rate that it has with all digits.
      let known = part.map { found.worth?[$0.trial]?.choice.rate } ?? found.allRow?.choice.rate
      guard let known, let place = ladder.firstIndex(of: Float(known)) else { return nil }
      return Worth.Plan(
        name: Worth.few(part), recipe: part?.without ?? Taught.Kind.all.recipe, ladder: ladder,
        first: max(0, place - 1)...min(ladder.count - 1, place + 1), choiceEpochs: Worth.fewEpochs,
        epochs: Worth.fewEpochs, seeds: seeds, images: Worth.fewDigits)
    }
    return ([nil] + TaughtPart.allCases.map { $0 }).compactMap(plan)
  }

  /// The whole and the net without max pooling, on few digits, at the rates that neither has yet.
  func fewRatePlans(_ seeds: [UInt64]) -> [Worth.Plan] {
    ([nil, .maxPooling] as [TaughtPart?]).flatMap { part in
      Worth.fewRates.filter { $0 != (part == nil ? 0.3 : 0.03) }.map { rate in
        Worth.Plan(
          name: Worth.few(part, rate: rate), recipe: part?.without ?? Taught.Kind.all.recipe, ladder: [rate],
          first: 0...0, choiceEpochs: 0, epochs: Worth.fewEpochs, seeds: seeds, images: Worth.fewDigits)
      }
    }
  }

  /// LeNet-5 with batch normalization at each rate, on the digits kept back.
  func normChoicePlans(_ session: Session) -> [Worth.Plan] {
    Worth.normChoiceRates.map { rate in
      Worth.Plan(
        name: Worth.normChoice(rate), recipe: Taught.Kind.norm.recipe, ladder: [rate], first: 0...0, choiceEpochs: 0,
        epochs: Worth.normChoiceEpochs,
        seeds: (0..<Worth.normChoiceSeeds).map { session.seeds[0] &+ 100 &+ UInt64($0) }, isHeld: true)
    }
  }

  /// The same at the best of these rates, to the end.
  func normOwnPlans(_ found: VariantFindings, _ session: Session) -> [Worth.Plan] {
    guard let choice = found.worth?.normChoice else { return [] }
    return [
      Worth.Plan(
        name: Worth.normOwn, recipe: Taught.Kind.norm.recipe, ladder: [Float(choice.rate)], first: 0...0,
        choiceEpochs: 0, epochs: session.epochs, seeds: session.seeds)
    ]
  }

  /// LeNet-5+ at smaller rates, to the end.
  func plusRatePlans(_ session: Session) -> [Worth.Plan] {
    Worth.plusRates.map { rate in
      Worth.Plan(
        name: Worth.plusTrial(rate), recipe: Recipe(net: .plus), ladder: [rate], first: 0...0, choiceEpochs: 0,
        epochs: session.epochs, seeds: session.seeds)
    }
  }
}
