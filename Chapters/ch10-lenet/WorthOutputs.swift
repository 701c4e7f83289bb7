// What the batch normalization of the ten outputs does, and the parts of the last row once more on photographs.

import Foundation
import Workbook

/// A network whose rate several seeds choose, and what is trained at that rate.
struct Contest: Sendable {
  /// As the list of trials names it.
  var name: String
  var recipe: Recipe
  /// The rates there are, and those to begin with.
  var ladder: [Float]
  var first: [Float]
  var choosers: [UInt64]
  var choiceEpochs: Int
  var epochs: Int
  var seeds: [UInt64]
  /// How many images each seed draws to train on; nil for all.
  var images: Int?
  var isPhotographs = false

  static func choosing(_ name: String, _ rate: Float) -> String { "\(name), choice, rate \(short(Double(rate)))" }
  static func own(_ name: String) -> String { "\(name), own rate" }

  /// The rates to be tried, or more beyond while the best is an end; then the training at the best.
  func plans(_ worth: Worth?) -> [Worth.Plan] {
    func plan(_ name: String, _ rate: Float, _ epochs: Int, _ seeds: [UInt64], isHeld: Bool) -> Worth.Plan {
      Worth.Plan(
        name: name, recipe: recipe, ladder: [rate], first: 0...0, choiceEpochs: 0, epochs: epochs, seeds: seeds,
        images: images, isHeld: isHeld, isPhotographs: isPhotographs)
    }
    var rates = Set(first)
    var isSettled = false
    if let choice = worth?.choice(of: self), rates.isSubset(of: choice.rates.map { Float($0) }),
      let best = ladder.firstIndex(of: Float(choice.rate))
    {
      rates.formUnion(choice.rates.map { Float($0) })
      let beside = [best - 1, best, best + 1].filter(ladder.indices.contains).map { ladder[$0] }
      isSettled = rates.isSuperset(of: beside)
      rates.formUnion(beside)
    }
    let tries = rates.sorted().map { plan(Self.choosing(name, $0), $0, choiceEpochs, choosers, isHeld: true) }
    guard isSettled, let choice = worth?.choice(of: self) else { return tries }
    return [plan(Self.own(name), Float(choice.rate), epochs, seeds, isHeld: false)]
  }
}

extension Worth {
  /// The errors of a network on the images kept back at every rate that all seeds of the choice have tried.
  func choice(of contest: Contest) -> OwnRates.Choice? {
    let tried = contest.ladder.compactMap { self[Contest.choosing(contest.name, $0)] }
      .filter { $0.runs.count == contest.choosers.count }
    guard !tried.isEmpty else { return nil }
    return OwnRates.Choice(
      name: contest.name, rates: tried.map { $0.choice.rates[0] }, errors: tried.map(\.finalError.mean))
  }

  /// A network at the rate that was chosen for it; nil where it was not trained three times.
  func own(_ name: String) -> Trial? { self[Contest.own(name)].flatMap { $0.runs.count >= 3 ? $0 : nil } }

  static let fewLastNorm = "few digits, without last norm"
  static let (plusPlusLastNorm, normLastNorm) = ("LeNet-5++ without last norm", "norm without last norm")
  static let lastNormRates: [Float] = [2, 5]

  /// How many photographs each seed draws, and how long it trains on them.
  static let (photographCount, photographEpochs) = (5_000, 20)
  static let photographParts: [TaughtPart] = [.norm, .relu, .crossEntropy, .shifts, .heStart]
  static func photographs(_ part: TaughtPart?) -> String { "photographs, \(part?.trial ?? "all")" }
}

extension Worth.Part {
  /// The networks of this part whose rates several seeds choose.
  func contests(_ found: VariantFindings, _ session: Session) -> [Contest] {
    let start = session.seeds[0]
    func seeds(_ count: Int, from first: UInt64 = 0) -> [UInt64] { (0..<count).map { start &+ first &+ UInt64($0) } }
    let rates: [Float] = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10]
    func long(_ name: String, _ net: LeNet5, _ first: [Float]) -> Contest {
      Contest(
        name: name, recipe: Recipe(net: net, hasLastNorm: false), ladder: rates, first: first,
        choosers: seeds(1, from: 100), choiceEpochs: 10, epochs: 10, seeds: session.seeds)
    }
    switch self {
    case .fewLastNorm:
      var recipe = Taught.Kind.all.recipe
      recipe.hasLastNorm = false
      return [
        Contest(
          name: Worth.fewLastNorm, recipe: recipe, ladder: Worth.fewLadder, first: [0.01, 0.03, 0.1],
          choosers: seeds(Worth.fewChoiceSeeds, from: 100), choiceEpochs: Worth.fewEpochs, epochs: Worth.fewEpochs,
          seeds: seeds(8), images: Worth.fewDigits)
      ]
    case .plusPlusLastNorm: return [long(Worth.plusPlusLastNorm, .plusPlus, [0.05, 0.1, 0.2])]
    case .normLastNorm: return [long(Worth.normLastNorm, Taught.Kind.norm.variant.net, [0.5, 1, 2])]
    case .photographs:
      return ([nil] + Worth.photographParts.map { $0 }).compactMap { part in
        guard let rate = found.worth?.fewChoice(part)?.rate, let place = Worth.fewLadder.firstIndex(of: Float(rate))
        else { return nil }
        var recipe = part?.without ?? Taught.Kind.all.recipe
        recipe.channels = 3
        return Contest(
          name: Worth.photographs(part), recipe: recipe, ladder: Worth.fewLadder,
          first: [Worth.fewLadder[max(0, place - 1)], Worth.fewLadder[place]], choosers: seeds(2, from: 100),
          choiceEpochs: Worth.photographEpochs, epochs: Worth.photographEpochs, seeds: seeds(5),
          images: Worth.photographCount, isPhotographs: true)
      }
    default: return []
    }
  }

  /// LeNet-5++ without the last batch normalization at large rates, for three epochs.
  func lastNormRatePlans(_ session: Session) -> [Worth.Plan] {
    Worth.lastNormRates.map { rate in
      Worth.Plan(
        name: Worth.rateTrial(Worth.plusPlusLastNorm, rate), recipe: Recipe(net: .plusPlus, hasLastNorm: false),
        ladder: [rate], first: 0...0, choiceEpochs: 0, epochs: 3, seeds: Array(session.seeds.prefix(3)))
    }
  }
}

extension Session {
  /// The same with photographs for digits: those to draw from and test photographs, or those that are kept back.
  func withPhotographs(from folder: String) throws -> (session: Session, held: Session) {
    let (all, test) = try CIFAR10.load(from: folder)
    var (session, held) = (self, self)
    let (train, back) = all.prefix(25_000).splitting(validation: 5_000, seed: seeds[0] &+ 100)
    session.digits = Digits(train: train, test: test, isReal: true)
    held.digits = Digits(train: train, test: back, isReal: true)
    return (session, held)
  }
}
