// What follows from the trials: the eight networks each at its own rate, and the full recipe without one of its parts.

import Foundation
import Workbook

extension VariantFindings {
  /// The eight networks, each at a rate of its own, with the seeds that all of them have; nil where they are not whole.
  var ownAblation: Ablation? {
    guard let ablation, let worth, let ownRates else { return nil }
    let epochs = ablation.epochs
    return Ablation(epochs: epochs, of: ablation) { place in
      // The ends have the rate of S0's rows, which were trained for longer.
      let row = place == 0 ? "LeNet-5" : place == ablation.cells.count - 1 ? "LeNet-5+" : nil
      return row.map { ownRates.named($0)?.runs ?? [] } ?? worth.own(Variant.ablation[place].name)?.runs ?? []
    }
  }

  /// The rates that suit the eight networks.
  var ownAblationRates: [Double] {
    let (all, ends) = (Variant.ablation, ["LeNet-5", "LeNet-5+"].map { ownRates?.choice($0)?.rate })
    let inner = all.dropFirst().dropLast().map { worth?.own($0.name)?.choice.rates[0] }
    return ([ends[0]] + inner + [ends[1]]).compactMap { $0 }
  }

  /// LeNet-5 with one change at a time on all images, and how many times as large its error is as that of LeNet-5; empty
  /// where none was trained.
  var singles: [(change: SingleChange, trial: Worth.Trial, factor: Factor)] {
    guard let plain = ownRates?.named("LeNet-5") else { return [] }
    let trials = SingleChange.allCases.compactMap { change in worth?.own(change.rawValue).map { (change, $0) } }
    return trials.map { change, trial in
      let seeds = Set(trial.runs.map(\.seed))
      let base = Summary(plain.runs.filter { seeds.contains($0.seed) }.map(\.finalError))
      return (change, trial, Factor(trial.finalError, over: base, among: trials.count))
    }
  }

  /// A net of the first table at every rate at which it was trained to the end, the smallest first.
  func atRates(_ name: String) -> [(rate: Double, error: Summary)] {
    var found: [(rate: Double, error: Summary)] = []
    if let row = ownRates?.named(name), let choice = ownRates?.choice(name) {
      found.append((choice.rate, row.finalError))
    }
    if let trial = worth?.own(name) { found.append((trial.choice.rates[0], trial.finalError)) }
    if let slow = named(name) { found.append((Double(rate), slow.finalError)) }
    for trial in worth?.trials ?? [] where trial.name.hasPrefix("\(name), to the end") && trial.runs.count >= 3 {
      found.append((trial.choice.rate, trial.finalError))
    }
    return found.sorted { $0.rate < $1.rate }
  }

  /// The full recipe without one of its parts, as far as they were left out twice at least, since the spread is that
  /// of all; nil where fewer than two parts were.
  var leftOut: LeftOut? {
    guard let worth, let all = worth["all"] else { return nil }
    let rows = TaughtPart.allCases.compactMap { part in worth[part.trial].map { (part: part, trial: $0) } }
      .filter { $0.trial.runs.count >= 2 }
    guard rows.count > 1 else { return nil }
    return LeftOut(
      whole: all.finalError, wholeRate: all.choice.rate,
      rows: rows.map { .init(part: $0.part, error: $0.trial.finalError, rate: $0.trial.choice.rate) })
  }

  /// The full recipe without one of its parts with few digits, where each seed draws the digits that all of these networks
  /// learn from, each at the rate that several seeds chose; nil where not all were trained three times.
  var leftOutFew: LeftOut? {
    func trial(_ part: TaughtPart?) -> (rate: Double, errors: [Double])? {
      worth?.own(Worth.few(part)).map { ($0.choice.rates[0], $0.runs.map(\.finalError)) }
    }
    let rows = TaughtPart.allCases.compactMap { part in trial(part).map { (part: part, trial: $0) } }
    guard let all = trial(nil), rows.count == TaughtPart.allCases.count else { return nil }
    // The seeds that all have.
    let count = ([all] + rows.map(\.trial)).map(\.errors.count).min() ?? 0
    func summary(_ errors: [Double]) -> Summary { Summary(Array(errors.prefix(count))) }
    return LeftOut(
      whole: summary(all.errors), wholeRate: all.rate,
      rows: rows.map { .init(part: $0.part, error: summary($0.trial.errors), rate: $0.trial.rate) }, isPaired: true)
  }
}

extension Ablation {
  /// Eight cells as another ablation has them, from other runs; nil with fewer than three seeds that all have.
  init?(epochs: Int, of other: Ablation, runs: (Int) -> [RunFindings]) {
    let all = other.cells.indices.map { place in runs(place).filter { $0.errors.count >= epochs } }
    let common = all.dropFirst().reduce(Set(all[0].map(\.seed))) { $0.intersection($1.map(\.seed)) }.sorted()
    guard common.count >= 3 else { return nil }
    self.epochs = epochs
    cells = zip(other.cells, all).map { cell, runs in
      var cell = cell
      cell.errors = common.map { seed in
        runs.first { $0.seed == seed }.map { Array($0.errors.prefix(epochs)) } ?? []
      }
      return cell
    }
  }
}

/// A net with everything, and without one part at a time.
struct LeftOut {
  var whole: Summary
  var wholeRate: Double
  var rows: [Row]
  /// Whether all nets of a seed learned from the same digits, and are compared with each other.
  var isPaired = false

  struct Row {
    var part: TaughtPart
    /// Test error in percent without it.
    var error: Summary
    var rate: Double
  }

  /// Those whose absence costs most first.
  var ranking: [Row] { rows.sorted { $0.error.mean > $1.error.mean } }

  /// By what the error is multiplied where a part is left out, with the interval that is widened for all comparisons.
  func factor(_ row: Row) -> Factor {
    Spread(of: [whole] + rows.map(\.error), isPaired: isPaired).factor(row.error, over: whole, among: rows.count)
  }

  /// Those that are needed: without them the error is larger by more than chance, looking at all of them at once.
  var needed: [Row] { ranking.filter { factor($0).direction == .above } }
  /// `ReLU and momentum are`.
  var neededText: String {
    let parts = needed.map(\.part)
    let isPlural = parts.count > 1 || parts == [.shifts] || parts == [.heStart]
    return "\(listed(parts.map(\.name))) \(isPlural ? "are" : "is")"
  }
  /// Those without which the net would be better, by more than chance.
  var harmful: [Row] { ranking.filter { factor($0).direction == .below } }
  /// The others.
  var open: [Row] { ranking.filter { factor($0).direction == .withinChance } }
}

extension TaughtPart {
  /// As prose and figures name it.
  var name: String {
    switch self {
    case .shifts: "shifted digits"
    case .norm: "batch normalization"
    case .cosine: "the falling rate"
    case .momentum: "momentum"
    case .maxPooling: "max pooling"
    case .heStart: "He's initial weights"
    case .relu: "ReLU"
    case .crossEntropy: "cross-entropy"
    }
  }

  /// Short, as figures name it.
  var tick: String {
    switch self {
    case .shifts: "shifts"
    case .norm: "batch norm"
    case .cosine: "falling rate"
    case .heStart: "He's weights"
    default: name
    }
  }

  /// What stands in its place.
  var instead: String {
    switch self {
    case .shifts: "digits as they are"
    case .norm: "none"
    case .cosine: "a constant rate"
    case .momentum: "none"
    case .maxPooling: "averages"
    case .heStart: "Xavier's"
    case .relu: "tanh"
    case .crossEntropy: "squared error"
    }
  }
}
