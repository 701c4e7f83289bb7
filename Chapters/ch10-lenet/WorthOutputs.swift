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

extension Worth {
  /// The errors of a network on the images kept back at every rate that all seeds of the choice have tried.
  func choice(of contest: Contest) -> OwnRates.Choice? {
    let tried = contest.ladder.compactMap { self[Contest.choosing(contest.name, $0)] }
      .filter { $0.runs.count == contest.choosers.count }
    guard !tried.isEmpty else { return nil }
    return OwnRates.Choice(
      name: contest.name, rates: tried.map { $0.choice.rates[0] }, errors: tried.map(\.finalError.mean))
  }

  /// How many seeds chose the rates with few digits: `3 or 5`.
  var fewChoosers: String {
    let counts = TaughtPart.allCases.filter { $0 != .norm }.flatMap { part in
      trials.filter { $0.name.hasPrefix("\(Self.fewListed(part)), choice") }.map(\.runs.count)
    }
    let all = (counts.min() ?? 0) < 2 ? [Self.fewChoiceSeeds] : counts + [Self.fewChoiceSeeds]
    return Set(all).sorted().map(String.init).joined(separator: " or ")
  }

  /// A network at the rate that was chosen for it; nil where it was not trained three times.
  func own(_ name: String) -> Trial? { self[Contest.own(name)].flatMap { $0.runs.count >= 3 ? $0 : nil } }

  static let fewLastNorm = "few digits, without last norm"
  /// The same with one part left out, as the list of trials names it; without any batch normalization there is no last one.
  static func fewListed(_ part: TaughtPart?) -> String {
    part.map { $0 == .norm ? few($0) : "\(few($0)), without last norm" } ?? fewLastNorm
  }
  static let listed = "the net of the listing"
  static let listedAll = "everything, without last norm"
}

extension Contest {
  /// The full recipe without the batch normalization of its outputs, on few digits.
  static func fewLastNorm(_ session: Session) -> Contest {
    Contest(
      name: Worth.fewLastNorm, recipe: Recipe.full.withoutLastNorm, ladder: Worth.fewLadder, first: [0.01, 0.03, 0.1],
      choosers: (0..<Worth.fewChoiceSeeds).map { session.seeds[0] &+ 100 &+ UInt64($0) },
      choiceEpochs: Worth.fewEpochs, epochs: Worth.fewEpochs,
      seeds: (0..<8).map { session.seeds[0] &+ UInt64($0) }, images: Worth.fewDigits)
  }

  /// The same with one part left out. It begins with the rates around the one that suits the net with batch normalization
  /// of its outputs; nil where that one is not known, or where there is none to leave out.
  static func fewListed(_ part: TaughtPart, _ found: VariantFindings, _ session: Session) -> Contest? {
    guard part != .norm, let known = found.worth?.fewChoice(part)?.rate,
      let place = Worth.fewLadder.firstIndex(of: Float(known))
    else { return nil }
    var contest = fewLastNorm(session)
    contest.name = Worth.fewListed(part)
    contest.recipe = part.without.withoutLastNorm
    contest.choosers = Array(contest.choosers.prefix(2))
    contest.first = [place - 1, place, place + 1].map { Worth.fewLadder[$0] }
    return contest
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
