// What follows from the trials: the eight networks each at its own rate, and the last row without one of its parts.

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

  /// The eight networks at the one rate, with all seeds that all of them have.
  var slowAblation: Ablation? {
    guard let ablation else { return nil }
    guard let worth, worth.trials.contains(where: { $0.name.hasSuffix("Xavier, rate \(rate)") }) else {
      return ablation
    }
    let more = Ablation(epochs: ablation.epochs, of: ablation) { place in
      let row = place == 0 ? "LeNet-5" : place == ablation.cells.count - 1 ? "LeNet-5+" : nil
      let recorded = zip(seeds, ablation.cells[place].errors).map { seed, errors in
        RunFindings(
          seed: seed, errors: errors, finalError: errors.last ?? .nan, trainingError: .nan, fastestEpoch: .nan)
      }
      return (row.flatMap { named($0)?.runs } ?? recorded)
        + (worth[Variant.ablation[place].name + ", rate \(rate)"]?.runs ?? [])
    }
    return more ?? ablation
  }

  /// The rates that suit the eight networks.
  var ownAblationRates: [OwnRates.Choice] {
    Variant.ablation.compactMap { worth?[$0.name]?.choice }
  }

  /// LeNet-5 with batch normalization alone: at the rate that suits it, chosen like the others where it was; else found
  /// within those tried where there is one.
  var normRow: (choice: OwnRates.Choice, runs: [RunFindings])? {
    if let own = ownNormRow { return own }
    // A rate from short runs that the sweep does not confirm: better no row.
    let swept = allRates?["LeNet-5 with batch norm"]?.best.rate
    let chosen = worth?["norm"]?.choice.rate ?? taught?[.norm]?.choice.rate
    if let swept, let chosen, abs(swept / chosen - 1) > 0.01 { return nil }
    if let trial = worth?["norm"], trial.runs.count >= 3 { return (trial.choice, trial.runs) }
    return taught?[.norm].map { ($0.choice, $0.results.runs) }
  }

  /// The same at a rate that was chosen in runs as long as those of the other rows.
  var ownNormRow: (choice: OwnRates.Choice, runs: [RunFindings])? {
    guard let choice = worth?.normChoice, let trial = worth?[Worth.normOwn], trial.runs.count >= 3 else { return nil }
    return (choice, trial.runs)
  }

  /// A network of the first figure at every rate at which it was trained to the end, the smallest first.
  func atRates(_ name: String) -> [(rate: Double, error: Summary)] {
    var found: [(rate: Double, error: Summary)] = []
    if let row = ownRates?.named(name), let choice = ownRates?.choice(name) {
      found.append((choice.rate, row.finalError))
    } else if name == "everything", let all = allRow {
      found.append((all.choice.rate, Summary(all.runs.map(\.finalError))))
    }
    if let slow = named(name) { found.append((Double(rate), slow.finalError)) }
    for trial in worth?.trials ?? [] where trial.name.hasPrefix("\(name), to the end") && trial.runs.count >= 3 {
      found.append((trial.choice.rate, trial.finalError))
    }
    return found.sorted { $0.rate < $1.rate }
  }

  /// The same net at the rate that all have.
  var normAtOneRate: [RunFindings] { worth?["norm, rate \(rate)"]?.runs ?? [] }

  /// The last row, with every run of it.
  var allRow: (choice: OwnRates.Choice, runs: [RunFindings])? {
    taught?[.all].map { ($0.choice, $0.results.runs + (worth?["all"]?.runs ?? [])) }
  }

  /// The last row without one of its parts, as far as they were left out twice at least, since the spread is that
  /// of all; nil where fewer than two parts were.
  var leftOut: LeftOut? {
    guard let all = allRow, let worth else { return nil }
    let rows = TaughtPart.allCases.compactMap { part in worth[part.trial].map { (part: part, trial: $0) } }
      .filter { $0.trial.runs.count >= 2 }
    guard rows.count > 1 else { return nil }
    return LeftOut(
      whole: Summary(all.runs.map(\.finalError)),
      rows: rows.map { .init(part: $0.part, error: $0.trial.finalError, rate: $0.trial.choice.rate) })
  }

  /// The same with few digits, where each seed draws the digits that all of these networks learn from, each at the rate
  /// that several seeds chose, or one where no more did; nil where not all were trained three times.
  var leftOutFew: LeftOut? { leftOutFew { worth?.fewChoice($0)?.rate ?? worth?[Worth.few($0)]?.choice.rate } }

  /// The same, each at the rate that one seed chose.
  var leftOutFewByOneSeed: LeftOut? {
    worth?.fewChoice(nil) == nil ? nil : leftOutFew { worth?[Worth.few($0)]?.choice.rate }
  }

  private func leftOutFew(at rate: (TaughtPart?) -> Double?) -> LeftOut? {
    func trial(_ part: TaughtPart?) -> (rate: Double, errors: [Double])? {
      guard let rate = rate(part), let runs = worth?.fewRuns(part, rate: rate), runs.count >= 3 else { return nil }
      return (rate, runs.map(\.finalError))
    }
    let rows = TaughtPart.allCases.compactMap { part in trial(part).map { (part: part, trial: $0) } }
    guard let all = trial(nil), rows.count == TaughtPart.allCases.count else { return nil }
    // The seeds that all have.
    let count = ([all] + rows.map(\.trial)).map(\.errors.count).min() ?? 0
    func summary(_ errors: [Double]) -> Summary { Summary(Array(errors.prefix(count))) }
    return LeftOut(
      whole: summary(all.errors),
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

  /// The spread of the logarithm of an error from seed to seed, taken to be the same for all of these nets, and its degrees
  /// of freedom: three seeds alone would know little of it. In pairs, what all nets of a seed have in common is taken off.
  private var spread: (deviation: Double, freedom: Int) {
    let groups = ([whole] + rows.map(\.error)).map { Summary($0.values.map { log($0) }) }
    var freedom = groups.reduce(0) { $0 + $1.count - 1 }
    var sum = groups.reduce(0) { $0 + Double($1.count - 1) * $1.deviation * $1.deviation }
    if isPaired, groups.count > 1 {
      let seeds = Summary(whole.values.indices.map { seed in Summary(groups.map { $0.values[seed] }).mean })
      sum -= Double(groups.count * (seeds.count - 1)) * seeds.deviation * seeds.deviation
      freedom -= seeds.count - 1
    }
    return ((max(0, sum) / Double(max(1, freedom))).squareRoot(), freedom)
  }

  /// By what the error is multiplied where a part is missing, with the 95 % interval; among several at once a wider one.
  func factor(_ row: Row, among comparisons: Int = 1) -> (mean: Double, low: Double, high: Double) {
    func mean(_ errors: Summary) -> Double { Summary(errors.values.map { log($0) }).mean }
    let t = studentT(freedom: spread.freedom, confidence: 1 - 0.05 / Double(comparisons))
    let reach = t * spread.deviation * (1 / Double(whole.count) + 1 / Double(row.error.count)).squareRoot()
    let middle = mean(row.error) - mean(whole)
    return (exp(middle), exp(middle - reach), exp(middle + reach))
  }

  /// `1.38 (1.23 to 1.54)`: the factor with the interval that is widened for all comparisons.
  func factorText(_ row: Row) -> String {
    let factor = factor(row, among: rows.count)
    // An end that rounds to 1 shows on which side of 1 it is.
    func end(_ value: Double) -> String { fixed(value, fixed(value, 2) == "1.00" ? 4 : 2) }
    return "\(fixed(factor.mean, 2)) (\(end(factor.low)) to \(end(factor.high)))"
  }

  /// Those that are missed by more than chance, looking at all of them at once.
  var missed: [Row] { ranking.filter { factor($0, among: rows.count).low > 1 } }
  /// `ReLU and momentum are`.
  var missedText: String {
    let parts = missed.map(\.part)
    let isPlural = parts.count > 1 || parts == [.shifts] || parts == [.heStart]
    return "\(listed(parts.map(\.name))) \(isPlural ? "are" : "is")"
  }
  /// Those without which the net would be better, by more than chance.
  var harmful: [Row] { ranking.filter { factor($0, among: rows.count).high < 1 } }
  /// The others.
  var open: [Row] {
    ranking.filter { row in
      let factor = factor(row, among: rows.count)
      return factor.low <= 1 && factor.high >= 1
    }
  }
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
