// What chapter 6 measures.

import Workbook

/// Learning with half the units missing: what dropout does to a sum, to a net, and to its errors.
enum Dropouts: ChapterProgram {
  typealias Options = DropoutOptions
  static let number = 6
  /// The shares dropped for which sums are drawn, and the shares of units removed from a trained net.
  static let droppedShares = [0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9]
  static let removedShares: [Float] = [0, 0.5]
  /// How many random sets of units are removed from a net, one after the other, for each share.
  static let removals = 5
  /// The share of the labels that are replaced where labels are wrong.
  static let wrongShare: Float = 0.2
  /// The stream of random numbers that chooses them.
  static let wrongStream: UInt64 = 62
  /// Dropout as Srivastava et al. use it on digits: half of the hidden units, a fifth of the pixels.
  static let dropout = Recipe(dropout: 0.5, inputDropout: 0.2)
  /// What is left out or added, one net after the other. The first two are also trained at every width and size.
  static let contestants: [(name: String, recipe: Recipe)] = [
    ("nothing", Recipe()), ("both dropped", dropout), ("hidden units dropped", Recipe(dropout: 0.5)),
    ("L2", Recipe(decay: 0.001)), ("DropConnect ½", Recipe(dropConnect: 0.5)),
    ("batch norm", Recipe(hasBatchNorm: true)),
    ("batch norm, both dropped", Recipe(dropout: 0.5, inputDropout: 0.2, hasBatchNorm: true)),
    ("pixels dropped", ApartFindings.pixels),
  ]
  /// Where every search for a learning rate begins.
  static let firstRates: ClosedRange<Float> = 0.0125...0.4
  /// Where some of them stand in that list.
  enum Place { static let dropout = 1, hidden = 2, decay = 3, connect = 4, norm = 5, both = 6, pixels = 7 }

  struct Findings: Codable, Sendable {
    /// What the networks were trained on.
    var data: String
    var seeds: [UInt64]
    /// Steps of one training, whatever the size of the set.
    var steps: Int
    /// The images of the small set, the learning rates that each net could choose from, and how many seeds chose: 0 where
    /// the recorded full run had chosen.
    var few: Int
    /// How many new images test each net; not in older records.
    var tested: Int?
    var rates: [Float]
    var tuningSeeds: Int
    var sums: ExpectationFindings
    /// All thinned nets of a small net, one ensemble for each seed.
    var ensembles: [ExactEnsemble]
    /// Some thinned nets of the wide one.
    var sampled: [SampledEnsemble]
    var byWidth: PairFindings
    /// Measured by a full run, in others what it recorded.
    var bySize: PairFindings
    /// The largest set with as many epochs as the small one has, and the small set with as many steps as that takes: from
    /// the same run.
    var equalEpochs: LongerFindings?
    var fewLonger: LongerFindings?
    /// The seeds of the recorded full run, where something of it stands among the findings.
    var recordedSeeds: Int?
    var noisy: NoisyFindings
    var reliance: RelianceFindings
    /// One for each of `contestants`.
    var contest: [Tuned]
    /// From a full run alone.
    var controls: ControlFindings?
    /// What dropped pixels, and dropped hidden units, save on top of batch norm in the recorded full run, in other runs.
    var recordedOnTop: [Summary]?

    func isEnd(_ rate: Float) -> Bool { rate == rates.min() || rate == rates.max() }
    /// `0.0125 to 0.4 in steps of 2, and on to 0.003 and 1.6 where an end was the best`.
    var rateWords: String {
      func range(_ rates: [Float], _ joint: String) -> String {
        [rates.min(), rates.max()].map { short(Double($0 ?? 0), digits: 3) }.joined(separator: joint)
      }
      let first = rates.filter(firstRates.contains)
      return range(first, " to ") + " in factors of 2"
        + (first.count == rates.count ? "" : ", and on to \(range(rates, " and ")) where an end was the best")
    }

    /// `one seed`, `3 seeds`.
    var seedWords: String { seeds.count == 1 ? "one seed" : "\(seeds.count) seeds" }
    /// What each contestant saves on new images, seed by seed, against the net with nothing.
    var contestGains: [Summary] { contest.map { contest[0].testErrors - $0.testErrors } }
    /// What dropout saves on top of batch norm.
    var onTop: Summary { contest[Place.norm].testErrors - contest[Place.both].testErrors }
    /// The same of dropped pixels alone and of dropped hidden units alone, by the full run.
    var onTopApart: [Summary]? {
      guard recordedSeeds == nil else { return recordedOnTop }
      return onNorm.map { found in
        [found.pixels.net, found.units.net].map { contest[Place.norm].testErrors - $0.testErrors }
      }
    }
    /// The width of the nets of the contest.
    var wide: Int { byWidth.settings[byWidth.settings.count - 1] }

    func over(_ value: (ExactEnsemble) -> Double) -> Summary { Summary(ensembles.map(value)) }
  }

  static func data(_ findings: Findings) -> String { findings.data }
}

/// What dropout does to one sum.
struct ExpectationFindings: Codable, Sendable {
  var masks: Int
  /// How many times as large as in training the sums at test time are without any scale, for each seed.
  var unscaledRatio: Summary
  /// One for each of `droppedShares`: weights and inputs all above 0.
  var relative: [RelativeSums]
  /// One for each of `droppedShares`: weights of both signs. Not in every recorded run.
  var signed: [SignedSums]?
}

/// Nets without and with dropout, over widths or over numbers of images, each at its best learning rate.
struct PairFindings: Codable, Sendable {
  var settings: [Int]
  /// [no dropout, dropout][setting].
  var nets: [[Tuned]]

  var last: Int { settings.count - 1 }
  /// The narrow net of the text: layers of 32, or the first.
  var narrow: Int { settings.firstIndex(of: 32) ?? 0 }
  /// What dropout saves at each setting.
  var gains: [Summary] { zip(nets[0], nets[1]).map { $0.testErrors - $1.testErrors } }
  /// What a net with dropout saves against one of half its width without: n/(1 − p) units for n, at p = ½.
  var doubled: [(narrow: Int, wide: Int, gain: Summary)] {
    settings.indices.compactMap { narrow in
      settings.firstIndex(of: 2 * settings[narrow]).map {
        (settings[narrow], settings[$0], nets[0][narrow].testErrors - nets[1][$0].testErrors)
      }
    }
  }
}

/// The pair again, with more steps.
struct LongerFindings: Codable, Sendable {
  var size: Int
  var steps: Int
  /// [no dropout, dropout].
  var nets: [Tuned]

  var gain: Summary { nets[0].testErrors - nets[1].testErrors }
}

/// A fifth of the labels wrong.
struct NoisyFindings: Codable, Sendable {
  var size: Int
  /// [no dropout, dropout], each at the rate that is best with such labels.
  var nets: [Tuned]

  var gain: Summary { nets[0].testErrors - nets[1].testErrors }
  /// The share of the wrong labels that the trained nets give back.
  var learnedByHeart: [Summary] { nets.map(\.learnedByHeart) }
  /// [no dropout, dropout][epoch].
  var curves: [[Summary]] {
    nets.map { net in net.runs[0].curve.indices.map { epoch in Summary(net.runs.map { $0.curve[epoch] }) } }
  }
  /// The part of the axis that the text is about: from the lowest of the curves to a quarter above the highest of their
  /// ends.
  var shownErrors: ClosedRange<Double> {
    let least = (curves.flatMap { $0.map(\.mean) }.min() ?? 0) - 2
    return least...max(least + 1, (final.map(\.mean).max() ?? 0) * 1.25)
  }
  /// The error of each net at its best epoch, seed by seed, and after the last one.
  var lowest: [Summary] { nets.map { Summary($0.runs.map { $0.curve.min() ?? 0 }) } }
  var final: [Summary] { nets.map { Summary($0.runs.map { $0.curve.last ?? 0 }) } }
  /// What dropout saves after the last epoch, on the images of the curves.
  var gainAtEnd: Summary { final[0] - final[1] }
  /// What dropout saves where each net is stopped at its best epoch.
  var gainAtBest: Summary { lowest[0] - lowest[1] }
}

/// Units that rely on each other: nets without and with dropout.
struct RelianceFindings: Codable, Sendable {
  /// [net][share of `removedShares`]: the test error.
  var damage: [[Summary]]
  /// [net][seed].
  var hidden: [[HiddenStatistics]]

  /// The points of error that the loss of half of the units costs.
  var losses: [Summary] {
    damage.map { $0[1] - $0[0] }
  }
  /// How many of them dropout spares.
  var spared: Summary { losses[0] - losses[1] }
  /// How much less unevenly the units have moved with dropout.
  var evenness: Summary {
    let unevenness = over(\.unevenness)
    return unevenness[0] - unevenness[1]
  }
  /// The share of the unevenness below which no difference would be seen in the weights.
  static let visible = 0.1
  func over(_ value: (HiddenStatistics) -> Double) -> [Summary] { hidden.map { Summary($0.map(value)) } }
}
