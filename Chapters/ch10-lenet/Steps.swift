// The four networks of the first table, from LeNet-5 to the full recipe, and how many times as large one error is as
// another.

import Foundation
import Workbook

/// The networks of the first table: each has the parts of the one before it, and more.
struct Steps {
  var rows: [Row]
  /// Whether the full recipe normalizes its ten outputs, too, unlike the net of the second listing.
  var hasLastNorm = false

  struct Row {
    var net: Net
    /// Test errors in per cent at the rate of its own.
    var runs: [RunFindings]
    var rate: Double
    /// The same at the one rate for all; empty where it was not trained there.
    var atOne: Summary

    var error: Summary { Summary(runs.map(\.finalError)) }
    /// Training errors in per cent, counted in the last epoch.
    var trainingError: Summary { Summary(runs.map(\.trainingError)) }
    /// Test errors in per cent after each epoch.
    var errors: [Summary] {
      (0..<(runs.map(\.errors.count).min() ?? 0)).map { epoch in Summary(runs.map { $0.errors[epoch] }) }
    }
  }

  /// As page, figures and tables name them.
  enum Net: String, CaseIterable, Codable {
    case old, modern, normed, full

    var name: String {
      switch self {
      case .old: "LeNet-5"
      case .modern: "ReLU + CE"
      case .normed: "ReLU + CE + BN"
      case .full: "full recipe"
      }
    }

    /// How it is built and trained, all but its rate.
    var recipe: Recipe {
      switch self {
      case .old: Recipe(net: .plain)
      case .modern: Recipe(net: .plus)
      case .normed: .normed
      case .full: Recipe.full.withoutLastNorm
      }
    }

    /// What it consists of.
    var parts: String {
      switch self {
      case .old: "tanh; ten sigmoids, squared error; Xavier's initial weights"
      case .modern: "ReLU; softmax, cross-entropy (CE); PyTorch's initial weights"
      case .normed: "the same, batch norm (BN) in the hidden layers"
      case .full: "the same, He's weights, max pooling, momentum 0.9, falling rate, shifts"
      }
    }

    var color: Int {
      switch self {
      case .old: 0
      case .modern: 2
      case .normed: 3
      case .full: 5
      }
    }
  }

  subscript(net: Net) -> Row? { rows.first { $0.net == net } }

  /// One comparison for each step, and one of the last network with the first.
  var comparisons: Int { rows.count }

  /// How many times as large the error of one network is as that of another.
  func factor(_ net: Net, over other: Net) -> Factor? {
    guard let a = self[net], let b = self[other] else { return nil }
    return Factor(a.error, over: b.error, among: comparisons)
  }

  /// Each network with the factor by which it changes the error of the one before.
  var changes: [(row: Row, factor: Factor)] {
    zip(rows, rows.dropFirst()).compactMap { before, row in factor(row.net, over: before.net).map { (row, $0) } }
  }

  /// The last network against the first.
  var whole: Factor? { rows.last.flatMap { factor($0.net, over: .old) } }
}

extension VariantFindings {
  /// Nil where the networks have no rates of their own.
  var steps: Steps? {
    guard let own = ownRates, let plain = own.named("LeNet-5"), let plus = own.named("LeNet-5+") else { return nil }
    func row(_ net: Steps.Net, _ result: VariantResults) -> Steps.Row {
      .init(
        net: net, runs: result.runs, rate: own.choice(result.name)?.rate ?? .nan,
        atOne: named(result.name)?.finalError ?? Summary([]))
    }
    var rows = [row(.old, plain), row(.modern, plus)]
    if let trial = worth?.own(Worth.listed) {
      rows.append(
        .init(
          net: .normed, runs: trial.runs, rate: trial.choice.rates[0],
          atOne: worth?[Worth.toTheEnd(Worth.listed, rate)]?.finalError ?? Summary([])))
    }
    if let trial = worth?.own(Worth.listedAll) ?? worth?["all"], trial.runs.count >= 3 {
      rows.append(.init(net: .full, runs: trial.runs, rate: trial.choice.rate, atOne: Summary([])))
    }
    return Steps(rows: rows, hasLastNorm: worth?.own(Worth.listedAll) == nil)
  }
}

/// How many times as large one error is as another, with its 95 % interval.
struct Factor {
  var mean: Double
  var low: Double
  var high: Double

  var direction: Summary.Direction { low > 1 ? .above : high < 1 ? .below : .withinChance }

  /// The one of three wordings that the interval supports.
  func worded(above: String, below: String, withinChance: String) -> String {
    switch direction {
    case .above: above
    case .below: below
    case .withinChance: withinChance
    }
  }

  /// `0.61 to 0.92`.
  var interval: String { "\(fixed(low, 2)) to \(fixed(high, 2))" }

  /// `0.75 (0.61 to 0.92)`.
  var text: String {
    // An end that rounds to 1 shows on which side of 1 it is.
    func end(_ value: Double) -> String {
      fixed(value, fixed(value, 2) != "1.00" ? 2 : fixed(value, 3) != "1.000" ? 3 : 4)
    }
    return "\(fixed(mean, 2)) (\(end(low)) to \(end(high)))"
  }
}

extension Factor {
  /// One error over another, from the spreads of these two alone (Welch); among several comparisons at once it is wider.
  init(_ error: Summary, over other: Summary, among comparisons: Int = 1) {
    let logs = [error, other].map { Summary($0.values.map { log($0) }) }
    let squares = logs.map { pow($0.standardError, 2) }
    let (sum, middle) = (squares[0] + squares[1], logs[0].mean - logs[1].mean)
    let parts = zip(logs, squares).map { $1 * $1 / Double(max(1, $0.count - 1)) }
    let freedom = sum > 0 ? Int(sum * sum / (parts[0] + parts[1])) : 0
    let reach = studentT(freedom: freedom, confidence: 1 - 0.05 / Double(comparisons)) * sum.squareRoot()
    self.init(mean: exp(middle), low: exp(middle - reach), high: exp(middle + reach))
  }
}

/// The spread of the logarithm of an error from seed to seed, taken to be the same for all of some networks: a few seeds
/// of one alone would know little of it.
struct Spread {
  var deviation: Double
  var freedom: Int

  /// In pairs, what all networks of a seed have in common is taken off.
  init(of errors: [Summary], isPaired: Bool = false) {
    let groups = errors.map { Summary($0.values.map { log($0) }) }
    freedom = groups.reduce(0) { $0 + $1.count - 1 }
    var sum = groups.reduce(0) { $0 + Double($1.count - 1) * $1.deviation * $1.deviation }
    if isPaired, groups.count > 1 {
      let seeds = Summary(
        groups[0].values.indices.map { seed in Summary(groups.map { $0.values[seed] }).mean })
      sum -= Double(groups.count * (seeds.count - 1)) * seeds.deviation * seeds.deviation
      freedom -= seeds.count - 1
    }
    deviation = (max(0, sum) / Double(max(1, freedom))).squareRoot()
  }

  /// One error over another; among several comparisons at once the interval is wider (Bonferroni).
  func factor(_ error: Summary, over other: Summary, among comparisons: Int = 1) -> Factor {
    func mean(_ errors: Summary) -> Double { Summary(errors.values.map { log($0) }).mean }
    let t = studentT(freedom: freedom, confidence: 1 - 0.05 / Double(comparisons))
    let reach = t * deviation * (1 / Double(error.count) + 1 / Double(other.count)).squareRoot()
    let middle = mean(error) - mean(other)
    return Factor(mean: exp(middle), low: exp(middle - reach), high: exp(middle + reach))
  }
}
