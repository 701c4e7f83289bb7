// What follows from the trials: the eight networks each at its own rate, and the full recipe without one of its parts.

import Foundation
import Workbook

extension VariantFindings {
  /// The eight networks, each at a rate of its own, with the seeds that all of them have; nil where they are not whole.
  var ownAblation: Ablation? {
    guard let ablation, let worth, let ownRates else { return nil }
    let epochs = ablation.epochs
    return Ablation(epochs: epochs, of: ablation) { place in
      let row = place == 0 ? "LeNet-5" : place == ablation.cells.count - 1 ? "LeNet-5+" : nil
      let added = worth[Variant.ablation[place].name]?.runs ?? []
      // The ends have the rate of S0's rows, which were trained for longer.
      return (row.flatMap { ownRates.named($0)?.runs } ?? []) + added
    }
  }

  /// The rates that suit the eight networks.
  var ownAblationRates: [OwnRates.Choice] {
    Variant.ablation.compactMap { worth?[$0.name]?.choice }
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
  /// learn from: that of the listing, or an older one with batch normalization of the outputs; nil where there is neither.
  var leftOutFew: LeftOut? { leftOutListed ?? leftOutLastNorm }

  /// The recipe of the listing, each network at the rate that several seeds chose; nil where not all were trained three times.
  var leftOutListed: LeftOut? {
    leftOutFew { part in
      // Without any batch normalization both tests have the same network.
      guard let worth, part != .norm else { return chosen(.norm) }
      return worth.own(Worth.fewListed(part)).map { ($0.choice.rates[0], $0.runs) }
    }
  }

  /// The recipe with batch normalization of its outputs, at the rates that several seeds chose, or one where no more did.
  var leftOutLastNorm: LeftOut? { leftOutFew(of: chosen) }

  /// The same, each at the rate that one seed chose.
  var leftOutFewByOneSeed: LeftOut? {
    worth?.fewChoice(nil) == nil ? nil : leftOutFew { fewTrial($0, rate: worth?[Worth.few($0)]?.choice.rate) }
  }

  private func chosen(_ part: TaughtPart?) -> (rate: Double, runs: [RunFindings])? {
    fewTrial(part, rate: worth?.fewChoice(part)?.rate ?? worth?[Worth.few(part)]?.choice.rate)
  }

  private func fewTrial(_ part: TaughtPart?, rate: Double?) -> (rate: Double, runs: [RunFindings])? {
    rate.flatMap { rate in worth.map { (rate, $0.fewRuns(part, rate: rate)) } }
  }

  private func leftOutFew(of found: (TaughtPart?) -> (rate: Double, runs: [RunFindings])?) -> LeftOut? {
    func trial(_ part: TaughtPart?) -> (rate: Double, errors: [Double])? {
      found(part).flatMap { $0.runs.count < 3 ? nil : ($0.rate, $0.runs.map(\.finalError)) }
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

extension VariantFindings {
  /// The full recipe on few digits with batch normalization of the outputs, too: its errors, its rate, and seed by seed how
  /// many times as large the errors are as without; nil where one of the two was not trained three times.
  var outputNorm: (error: Summary, rate: Double, factor: Summary)? {
    guard let worth, let trial = worth.own(Worth.fewLastNorm), let rate = worth.fewChoice(nil)?.rate else { return nil }
    let runs = worth.fewRuns(nil, rate: rate)
    let factor = Summary(
      runs.compactMap { run in trial.runs.first { $0.seed == run.seed }.map { run.finalError / $0.finalError } })
    return factor.count < 3 ? nil : (Summary(runs.map(\.finalError)), rate, factor)
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

  /// By what the error is multiplied where a part is missing, with the interval that is widened for all comparisons.
  func factor(_ row: Row) -> Factor {
    Spread(of: [whole] + rows.map(\.error), isPaired: isPaired).factor(row.error, over: whole, among: rows.count)
  }

  /// Those that are missed by more than chance, looking at all of them at once.
  var missed: [Row] { ranking.filter { factor($0).direction == .above } }
  /// `ReLU and momentum are`.
  var missedText: String {
    let parts = missed.map(\.part)
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
