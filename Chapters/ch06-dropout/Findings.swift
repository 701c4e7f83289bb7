// What chapter 6 measures.

import Workbook

/// Learning with half the units missing: what dropout does to a sum, to a net, and to its errors.
enum Dropouts: ChapterProgram {
  static let number = 6
  /// The shares dropped for which sums are drawn, and the shares removed from a trained net.
  static let droppedShares = [0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9]
  static let removedShares: [Float] = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]
  /// What is left out or added, one net after the other.
  static let contestants: [(name: String, recipe: Recipe)] = [
    ("nothing", .plain), ("dropout ½", Recipe(dropout: 0.5)), ("DropConnect ½", Recipe(dropConnect: 0.5)),
    ("batch norm", Recipe(hasBatchNorm: true)), ("batch norm, dropout ½", Recipe(dropout: 0.5, hasBatchNorm: true)),
  ]

  struct Findings: Codable, Sendable {
    /// What the networks were trained on.
    var data: String
    var seeds: [UInt64]
    /// Images shown in one training, whatever the size of the set.
    var passes: Int
    /// The images of the small set.
    var few: Int
    var sums: ExpectationFindings
    var ensemble: EnsembleFindings
    var byRate: RateFindings
    var bySize: SizeFindings
    var noisy: NoisyFindings
    var reliance: RelianceFindings
    /// [contestant][seed].
    var contest: [[RunErrors]]

    /// `one seed`, `3 seeds`.
    var seedWords: String { seeds.count == 1 ? "one seed" : "\(seeds.count) seeds" }
    /// What each contestant saves on new images, seed by seed, against the net with nothing.
    var contestGains: [Summary] { contest.map { saved(by: $0, over: contest[0]) } }
    /// What dropout saves on top of batch norm.
    var onTop: Summary { saved(by: contest[4], over: contest[3]) }
    /// What dropout ½ saves with right labels, where the set is as large as that with wrong ones, or the next larger.
    var cleanPlace: Int { bySize.sizes.firstIndex { $0 >= noisy.size } ?? bySize.last }
    var cleanGain: Summary { bySize.gains[cleanPlace] }
  }

  static func data(_ findings: Findings) -> String { findings.data }
}

/// The points of error that one kind of training saves over another on new images, seed by seed.
func saved(by better: [RunErrors], over worse: [RunErrors]) -> Summary {
  Summary(zip(worse, better).map { $0.testError - $1.testError })
}

/// What dropout does to one sum.
struct ExpectationFindings: Codable, Sendable {
  var masks: Int
  /// [original, inverted][seed].
  var forms: [[SumFindings]]
  /// One for each of `droppedShares`.
  var relative: [RelativeSums]

  /// How many times as large as in training the sums at test time are without any scale.
  var unscaledRatio: Summary { Summary(forms[0].map { $0.unscaled / $0.mean }) }
}

/// All thinned nets of a small one.
struct EnsembleFindings: Codable, Sendable {
  var trainingCount: Int
  var testCount: Int
  /// One for each seed.
  var runs: [ExactEnsemble]

  func over(_ value: (ExactEnsemble) -> Double) -> Summary { Summary(runs.map(value)) }
  /// How far the errors of one pass and of the average are apart.
  var distance: Summary { over { abs($0.scaledError - $0.averageError) } }
}

/// The small set, learned with more and more units left out.
struct RateFindings: Codable, Sendable {
  var rates: [Double]
  /// [rate][seed].
  var runs: [[RunErrors]]

  var errors: [Summary] { runs.map { Summary($0.map(\.testError)) } }
  var trainingErrors: [Summary] { runs.map { Summary($0.map(\.trainingError)) } }
  /// The place of the fewest mistakes, and of one half.
  var best: Int {
    let errors = errors
    return errors.indices.min { errors[$0].mean < errors[$1].mean } ?? 0
  }
  var half: Int { rates.firstIndex(of: 0.5) ?? rates.count - 1 }
  /// What they save.
  var saved: Summary { ch06_dropout.saved(by: runs[best], over: runs[0]) }
  var halfSaved: Summary { ch06_dropout.saved(by: runs[half], over: runs[0]) }
}

/// From few images to many.
struct SizeFindings: Codable, Sendable {
  var sizes: [Int]
  /// [no dropout, dropout ½][size][seed].
  var runs: [[[RunErrors]]]

  var last: Int { sizes.count - 1 }
  /// What dropout saves at each size.
  var gains: [Summary] { zip(runs[0], runs[1]).map { saved(by: $1, over: $0) } }
}

/// A fifth of the labels wrong, twice as many steps.
struct NoisyFindings: Codable, Sendable {
  var size: Int
  /// [no dropout, dropout ½][seed].
  var runs: [[RunErrors]]
  /// The epoch after which as many images were shown as with right labels.
  var halfWay: Int

  /// What dropout saves at the end, and half-way.
  var gain: Summary { saved(by: runs[1], over: runs[0]) }
  var halfGain: Summary { Summary(zip(runs[0], runs[1]).map { $0.curve[halfWay] - $1.curve[halfWay] }) }
  /// [no dropout, dropout ½][epoch].
  var curves: [[Summary]] {
    runs.map { runs in runs[0].curve.indices.map { epoch in Summary(runs.map { $0.curve[epoch] }) } }
  }
  /// The lowest and the last error of each curve.
  var lowest: [Double] { curves.map { $0.map(\.mean).min() ?? 0 } }
  var final: [Double] { curves.map { $0.last?.mean ?? 0 } }
}

/// Units that rely on each other: nets without and with dropout ½.
struct RelianceFindings: Codable, Sendable {
  /// [net][share of `removedShares`]: the test error.
  var damage: [[Summary]]
  /// What eight units of the first layer look for, net after net, the first seed.
  var features: [KeptPicture]
  /// The correlation of each weight with the one to its right.
  var smoothness: [Summary]
  /// [net][seed].
  var hidden: [[HiddenStatistics]]

  /// The points of error that the loss of half of the units costs.
  var losses: [Summary] {
    let half = Dropouts.removedShares.firstIndex(of: 0.5) ?? Dropouts.removedShares.count - 1
    return damage.map { $0[half] - $0[0] }
  }
  /// How many of them dropout spares.
  var spared: Summary { losses[0] - losses[1] }
}
