// What chapter 5 measures.

import Foundation
import Workbook

/// Keeping every layer in range: what normalization is, what it gives, what it costs, and why it works.
enum Norms: ChapterProgram {
  typealias Options = NormOptions
  static let number = 5
  /// The factors in front of all weights.
  static let factors = [1.0, 2, 10]
  /// The nets that are compared throughout, in this order.
  static let pair = [Normalization.none, .batch]

  struct Findings: Codable, Sendable {
    /// What the networks were trained on.
    var data: String
    var trainingCount: Int
    var seeds: [UInt64]
    var formula: FormulaFindings
    /// [net of the pair][seed]: a trained net whose weights are multiplied.
    var scalings: [[WeightScaling]]
    /// Batches of 2.
    var pairs: BatchMoments
    var sweeps: SweepFindings
    var sizes: SizeFindings
    /// Few images, learned by heart; from a default run alone.
    var heart: HeartFindings?
    var drift: DriftFindings
    /// One for each seed.
    var overTime: [MomentStatistics]
    /// What noise costs a small net; from a default run alone.
    var shaken: ShakenFindings?
    /// Trained nets tested in the wrong mode.
    var modes: ModeFindings?
    /// How far steps turn the weights; from a full run alone.
    var turning: TurnFindings?
    /// Other rates, another ε, another place; from a full run alone.
    var controls: NormControls?
    /// How many images were kept back to choose rates by.
    var keptBack: Int?
    /// What weight decay does before a norm; from a full run alone.
    var decay: DecayFindings?
    /// The noise of batch statistics by itself; from a full run alone.
    var noise: NoiseFindings?
    /// Nets of growing depth; from a full run alone.
    var depth: DepthFindings?
    /// Parts of batch norm, and noise after it; from a full run alone.
    var parts: PartsFindings?
    /// Centred pixels at every rate, with Adam and for longer; from a full run alone.
    var centred: CentredFindings?

    /// `one seed`, `3 seeds`.
    var seedWords: String { seeds.count == 1 ? "one seed" : "\(seeds.count) seeds" }
  }

  static func data(_ findings: Findings) -> String { findings.data }
}

/// The formula in 32-bit numbers.
struct FormulaFindings: Codable, Sendable {
  /// How far the formula by hand is from the core's layer.
  var coreDifference: Double
}

/// Test errors over learning rates and over the size of the initial weights, [net of the pair].
struct SweepFindings: Codable, Sendable {
  /// A net with at least so many errors in per cent is of no use.
  static let limit = 50.0

  var rates: [Sweep]
  /// At one learning rate; from a default run alone, since a full one has a rate for each (``NormControls``).
  var scales: [Sweep]?

  /// The largest usable learning rate of each net.
  var reach: [Summary] { rates.map { Summary($0.largestUsable(below: Self.limit)) } }
  /// The best rate of each net.
  var bestRates: [Double] { rates.map { $0.settings[$0.best] } }
  /// The net at its best rate.
  var bestErrors: [Summary] { rates.map { $0.errors[$0.best] } }
  /// The points of error that batch norm saves, each net at its own best rate, seed by seed.
  var gain: Summary { bestErrors[0] - bestErrors[1] }
  /// The smallest rate from which on the net without a norm only guesses, or next to it.
  var guessesFrom: Double {
    let errors = rates[0].errors
    return errors.indices.first { place in errors[place...].allSatisfy { $0.mean > 85 } }.map { rates[0].settings[$0] }
      ?? rates[0].settings[errors.count - 1]
  }
  /// How many times as large it is with batch norm, seed by seed.
  var reachRatio: Summary {
    let smallest = rates[0].settings[0]
    return Summary(zip(reach[1].values, reach[0].values).map { $0 / max($1, smallest) })
  }
}

/// Test errors by the size of the initial weights: each net at the best rate for each size, or all at one rate.
struct ScaleErrors {
  /// As multiples of He's.
  var scales: [Double]
  /// [net of the pair][size].
  var errors: [[Summary]]
  var isAtOwnRates: Bool

  func error(_ net: Int, at scale: Double) -> Summary { errors[net][nearest(to: scale, in: scales)] }
  /// Whether the largest initial weights cost batch norm no errors beyond chance over He's.
  var forgivesLarge: Bool { (errors[1][scales.count - 1] - error(1, at: 1)).direction() != .above }
  /// The powers of ten of usable initial weights, for each seed of each net.
  var spans: [Summary] {
    errors.map { sizes in
      Summary(
        (0..<(sizes.map(\.count).min() ?? 0)).map { seed in
          let usable = scales.indices.filter { sizes[$0].values[seed] < SweepFindings.limit }.map { scales[$0] }
          guard let least = usable.min(), let most = usable.max() else { return 0 }
          return log10(most / least)
        })
    }
  }
  /// Whether batch norm was usable at both ends: then its range may be wider still.
  var isWiderThanTried: Bool {
    spans[1].mean > log10(scales[scales.count - 1] / scales[0]) - 1e-6
  }
}

extension Norms.Findings {
  var scaleErrors: ScaleErrors? {
    controls.map { found in
      ScaleErrors(
        scales: found.scales, errors: found.byScale.map { $0.map(\.errors) }, isAtOwnRates: true)
    }
      ?? sweeps.scales.map { found in
        ScaleErrors(scales: found[0].settings, errors: found.map(\.errors), isAtOwnRates: false)
      }
  }
}

/// Test errors over the batch size.
struct SizeFindings: Codable, Sendable {
  var trainingCount: Int
  /// For each of `kinds`; the settings are the batch sizes, and the learning rate is proportional to them.
  var sweeps: [Sweep]
  static let kinds = [Normalization.none, .batch, .group]

  /// Batch norm after the convolutions alone; and everywhere at the smallest size, its statistics taken anew after
  /// training.
  var convolutionsOnly: Sweep
  var reestimated: Sweep

  var sizes: [Int] { sweeps[0].settings.map { Int($0) } }
  /// For how long a net learns from so many images.
  static func epochs(of trainingCount: Int) -> Int { trainingCount < 500 ? 1 : trainingCount < 5_000 ? 2 : 3 }
  /// The place of batches of 8.
  var eight: Int { sizes.firstIndex(of: 8) ?? 1 }

  /// At the smallest size: no norm after the dense layer spares so many points, statistics taken anew so many.
  var sparedByPlacement: Summary { errors(.batch)[0] - convolutionsOnly.errors[0] }
  var sparedByStatistics: Summary { errors(.batch)[0] - reestimated.errors[0] }
  /// Whether the norm after the dense layer is what breaks: without it most of the loss against group norm is gone, with
  /// statistics taken anew it is not.
  var denseNormBreaks: Bool {
    let lost = (errors(.batch)[0] - errors(.group)[0]).mean
    return sparedByPlacement.mean > 0.5 * lost && sparedByStatistics.mean < 0.5 * lost
  }

  /// The sizes at which batch norm after the convolutions only is ahead of group norm everywhere, beyond chance.
  var placedAhead: [Int] {
    sizes.indices.filter { (errors(.group)[$0] - convolutionsOnly.errors[$0]).direction() == .above }.map { sizes[$0] }
  }
  /// The points of error that group norm saves against batch norm everywhere: in the smallest batches, in the largest.
  var groupSaves: [Summary] {
    [0, sizes.count - 1].map { errors(.batch)[$0] - errors(.group)[$0] }
  }

  private func sweep(_ kind: Normalization) -> Sweep { sweeps[Self.kinds.firstIndex(of: kind) ?? 0] }
  func errors(_ kind: Normalization) -> [Summary] { sweep(kind).errors }

  /// The error at the smallest size over that at 8, seed by seed.
  func ratios(_ kind: Normalization) -> Summary { ratios(of: sweep(kind).results) }
  /// The same with batch norm after the convolutions only.
  var placedRatios: Summary { ratios(of: convolutionsOnly.results) }
  private func ratios(of results: [[Result]]) -> Summary {
    Summary(zip(results[0], results[eight]).map { $0.error / max($1.error, 0.1) })
  }
}

/// Few images, learned by heart.
struct HeartFindings: Codable, Sendable {
  var trainingCount: Int
  var epochs: Int
  /// How many learning rates each net could choose from.
  var rateCount: Int
  /// [net of the pair][seed], at the net's best learning rate.
  var results: [[Result]]
  /// The best rate of each.
  var bestRates: [Double]?
  /// Whether images kept back have chosen it.
  var isValidated: Bool?

  var seedWords: String { counted(results[0].count, "seed") }
  /// The test errors of a net.
  func errors(_ net: Int) -> Summary { Summary(results[net].map(\.error)) }
  /// By how much the training error is higher with batch norm, seed by seed.
  var trainingRise: Summary {
    let errors = results.map { Summary($0.map(\.trainingError)) }
    return errors[1] - errors[0]
  }
  /// By how much the test error is lower with batch norm, seed by seed.
  var gap: Summary { errors(0) - errors(1) }
}

/// LeNet-5+ and LeNet-5++: what enters their activations, what they cost, and how the second is folded.
struct DriftFindings: Codable, Sendable {
  var data: String
  var trainingCount: Int
  var epochs: Int
  /// [without, with][seed], from He's start.
  var traces: [[DriftTrace]]
  /// One for each seed.
  var folding: [Folding]
  /// LeNet-5+, LeNet-5++.
  var costs: [NetCost]

  /// How the spread has grown since the start: without, after the norm, before it.
  var growths: [Summary] {
    [traces[0].map(\.inputs), traces[1].map(\.inputs), traces[1].map(\.sums)].map {
      Summary($0.map(DriftTrace.growth))
    }
  }
  /// The folding that has changed most.
  var worstFold: Folding { folding.max { $0.largestDifference < $1.largestDifference } ?? folding[0] }
}

extension Norms.Findings {
  /// The net without a norm at each rate on centred pixels, where that was measured, beside batch norm, which needs no centring.
  var shownSweeps: SweepFindings {
    var shown = sweeps
    if let plain = centred?.plain { shown.rates[0] = plain }
    return shown
  }
  /// Whether the figure of all rates compares nets on equally centred pixels.
  var isCentred: Bool { centred?.plain != nil && parts != nil }
  /// The points of error that batch norm saves, each net at its own best rate; on centred pixels where that was measured.
  var gain: Summary { parts?.lead(.batch) ?? sweeps.gain }
  /// The loss of each net of the pair at each factor in front of its weights.
  var losses: [[Summary]] { overFactors(\.losses) }
  /// The same of its gradients.
  var gradients: [[Summary]] { overFactors(\.gradients) }
  private func overFactors(_ value: (WeightScaling) -> [Double]) -> [[Summary]] {
    scalings.map { runs in Norms.factors.indices.map { i in Summary(runs.map { value($0)[i] }) } }
  }
  /// How many times the loss is when the weights are doubled, for each net of the pair.
  var doubled: [Double] { losses.map { $0[1].mean / $0[0].mean } }

  // MARK: The recurrent net

  /// The spread at each moment with statistics shared by all.
  var shared: [Summary] {
    (overTime.first?.sharedDeviations ?? []).indices.map { t in Summary(overTime.map { $0.sharedDeviations[t] }) }
  }
  var sharedLow: Double { shared.map(\.mean).min() ?? 0 }
  var sharedHigh: Double { shared.map(\.mean).max() ?? 0 }
}

extension Summary {
  /// The mean of factors: exp of the mean logarithm.
  var geometricMean: Double { exp(Summary(values.map { log($0) }).mean) }
}
