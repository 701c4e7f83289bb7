// The full recipe on few digits, with rates that several seeds choose; and nets of the first table at other rates.

import Foundation
import Workbook

extension Worth {
  /// How many digits each seed draws, and how long it trains on them.
  static let (fewDigits, fewEpochs) = (5_000, 30)
  /// The same network with few digits, as the list of trials names it.
  static func few(_ part: TaughtPart?) -> String { "few digits, \(part?.trial ?? "all")" }

  static func few(_ part: TaughtPart?, rate: Float) -> String { "\(few(part)), rate \(short(Double(rate)))" }

  /// The rates to choose from with few digits, and how many seeds choose.
  static let fewLadder: [Float] = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100]
  static let fewChoiceSeeds = 5
  static func fewChoice(_ part: TaughtPart?, rate: Float) -> String {
    "\(few(part)), choice, rate \(short(Double(rate)))"
  }

  /// The errors on the digits kept back at every rate that all seeds of the choice have tried, the smallest rate first.
  func fewChoice(_ part: TaughtPart?) -> OwnRates.Choice? {
    let tried = Self.fewLadder.compactMap { self[Self.fewChoice(part, rate: $0)] }
      .filter { $0.runs.count == Self.fewChoiceSeeds }
    guard !tried.isEmpty else { return nil }
    return OwnRates.Choice(
      name: Self.few(part), rates: tried.map { $0.choice.rates[0] }, errors: tried.map(\.finalError.mean))
  }

  /// The runs with few digits at one of these rates, wherever they were made.
  func fewRuns(_ part: TaughtPart?, rate: Double) -> [RunFindings] {
    let first = self[Self.few(part)].flatMap { Float($0.choice.rate) == Float(rate) ? $0.runs : nil }
    return first ?? self[Self.few(part, rate: Float(rate))]?.runs ?? []
  }

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
  /// The full recipe and what is left of it without one part, on few digits, each at the best of three rates or more.
  func fewPlans(_ found: VariantFindings, _ seeds: [UInt64]) -> [Worth.Plan] {
    let ladder = Worth.fewLadder
    func plan(_ part: TaughtPart?) -> Worth.Plan? {
      // Around the rate that it has with all digits.
      let known = found.worth?[part?.trial ?? "all"]?.choice.rate
      guard let known, let place = ladder.firstIndex(of: Float(known)) else { return nil }
      return Worth.Plan(
        name: Worth.few(part), recipe: part?.without ?? Recipe.full, ladder: ladder,
        first: max(0, place - 1)...min(ladder.count - 1, place + 1), choiceEpochs: Worth.fewEpochs,
        epochs: Worth.fewEpochs, seeds: seeds, images: Worth.fewDigits)
    }
    return ([nil] + TaughtPart.allCases.map { $0 }).compactMap(plan)
  }

  /// The rates of the full recipe and of what is left of it without one part, chosen by several seeds: the rate that one
  /// seed chose and its neighbours, and more beyond while the best is an end.
  func fewChoicePlans(_ found: VariantFindings, _ session: Session) -> [Worth.Plan] {
    let ladder = Worth.fewLadder
    return ([nil] + TaughtPart.allCases.map { $0 }).flatMap { part -> [Worth.Plan] in
      guard let worth = found.worth, let known = worth[Worth.few(part)]?.choice.rate,
        let middle = ladder.firstIndex(of: Float(known))
      else { return [] }
      var places = Set([middle - 1, middle, middle + 1])
      if let choice = worth.fewChoice(part), choice.rates.count >= 3, choice.isAtEnd,
        let end = ladder.firstIndex(of: Float(choice.rate))
      {
        places.formUnion([end - 1, end + 1])
      }
      return places.sorted().filter(ladder.indices.contains).map { place in
        Worth.Plan(
          name: Worth.fewChoice(part, rate: ladder[place]), recipe: part?.without ?? Recipe.full,
          ladder: [ladder[place]], first: 0...0, choiceEpochs: 0, epochs: Worth.fewEpochs,
          seeds: (0..<Worth.fewChoiceSeeds).map { session.seeds[0] &+ 100 &+ UInt64($0) }, images: Worth.fewDigits,
          isHeld: true)
      }
    }
  }

  /// The same networks at the rates that several seeds chose, on few digits, where they were not trained at these before.
  func fewOwnPlans(_ found: VariantFindings, _ seeds: [UInt64]) -> [Worth.Plan] {
    ([nil] + TaughtPart.allCases.map { $0 }).compactMap { part in
      guard let worth = found.worth, let choice = worth.fewChoice(part),
        worth[Worth.few(part)].map({ Float($0.choice.rate) != Float(choice.rate) }) ?? true
      else { return nil }
      return Worth.Plan(
        name: Worth.few(part, rate: Float(choice.rate)), recipe: part?.without ?? Recipe.full,
        ladder: [Float(choice.rate)], first: 0...0, choiceEpochs: 0, epochs: Worth.fewEpochs, seeds: seeds,
        images: Worth.fewDigits)
    }
  }

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
