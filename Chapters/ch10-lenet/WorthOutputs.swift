// Networks without batch normalization of their ten outputs, as one builds them, at rates that a few seeds choose.

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

  static func choosing(_ name: String, _ rate: Float) -> String { "\(name), choice, rate \(short(Double(rate)))" }
  static func own(_ name: String) -> String { "\(name), own rate" }

  /// The rates to be tried, or more beyond while the best is an end; then the training at the best.
  func plans(_ worth: Worth?) -> [Worth.Plan] {
    func plan(_ name: String, _ rate: Float, _ epochs: Int, _ seeds: [UInt64], isHeld: Bool) -> Worth.Plan {
      Worth.Plan(
        name: name, recipe: recipe, ladder: [rate], first: 0...0, choiceEpochs: 0, epochs: epochs, seeds: seeds,
        images: images, isHeld: isHeld)
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

/// One change of LeNet-5.
enum SingleChange: String, CaseIterable {
  case shifts = "LeNet-5 + shifts"
  case norm = "LeNet-5 + batch norm"
  case cosine = "LeNet-5 + falling rate"

  /// In prose.
  var name: String {
    switch self {
    case .shifts: "shifted digits"
    case .norm: "batch norm"
    case .cosine: "a falling rate"
    }
  }

  var recipe: Recipe {
    var recipe = Recipe(net: .plain, hasLastNorm: false)
    switch self {
    case .shifts: recipe.shifts = true
    case .norm: recipe.net.hasBatchNorm = true
    case .cosine: recipe.fallsAsCosine = true
    }
    return recipe
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

  /// How many seeds chose the rate of a network; nil where that is not known.
  func choosers(of name: String) -> Int? {
    self[Contest.own(name)].flatMap { self[Contest.choosing(name, Float($0.choice.rates[0]))]?.runs.count }
  }

  /// A network at the rate that was chosen for it; nil where it was not trained three times.
  func own(_ name: String) -> Trial? { self[Contest.own(name)].flatMap { $0.runs.count >= 3 ? $0 : nil } }

  static let listed = "the net of the listing"
  static let listedAll = "everything, without last norm"
}

extension Contest {
  /// The full recipe without the batch normalization of its outputs on few digits, whole or with one part left out.
  static func few(_ part: TaughtPart?, _ session: Session) -> Contest {
    let first: [Float] =
      switch part {
      case .norm, .cosine: [0.003, 0.01, 0.03]
      case .shifts, .crossEntropy: [0.03, 0.1, 0.3]
      case .momentum: [0.3, 1, 3]
      default: [0.01, 0.03, 0.1]
      }
    return Contest(
      name: Worth.few(part), recipe: (part?.without ?? Recipe.full).withoutLastNorm, ladder: Worth.ladder, first: first,
      choosers: (0..<5).map { session.seeds[0] &+ 100 &+ UInt64($0) }, choiceEpochs: Worth.fewEpochs,
      epochs: Worth.fewEpochs,
      seeds: (0..<8).map { session.seeds[0] &+ UInt64($0) }, images: Worth.fewDigits)
  }

  /// One of the eight networks between LeNet-5 and LeNet-5+.
  static func eight(_ variant: Variant, epochs: Int, _ session: Session) -> Contest {
    var contest = listed(
      variant.name, Recipe(net: variant.net),
      [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10], first: [0.1, 0.2, 0.5], session)
    contest.epochs = epochs
    return contest
  }

  /// LeNet-5 with one change, on all images.
  static func single(_ change: SingleChange, _ session: Session) -> Contest {
    listed(change.rawValue, change.recipe, [0.05, 0.1, 0.2, 0.5, 1, 2, 5], first: [0.2, 0.5, 1], session)
  }

  /// The net of the first listing.
  static func listed(_ session: Session) -> Contest {
    listed(Worth.listed, .normed, [0.02, 0.05, 0.1, 0.2, 0.5, 1], first: [0.1, 0.2, 0.5], session)
  }

  /// The net of the second listing: the full recipe, again without batch normalization of its outputs.
  static func listedAll(_ session: Session) -> Contest {
    listed(
      Worth.listedAll, Recipe.full.withoutLastNorm, [0.003, 0.01, 0.03, 0.1, 0.3], first: [0.01, 0.03, 0.1], session)
  }

  private static func listed(
    _ name: String, _ recipe: Recipe, _ ladder: [Float], first: [Float], _ session: Session
  ) -> Contest {
    let seed = session.seeds[0] &+ 100
    return Contest(
      name: name, recipe: recipe, ladder: ladder, first: first, choosers: [seed, seed &+ 1], choiceEpochs: 10,
      epochs: session.epochs, seeds: session.seeds)
  }
}
