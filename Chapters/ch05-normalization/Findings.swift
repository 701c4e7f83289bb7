// What chapter 5 measures.

import Foundation
import Workbook

/// Keeping every layer in range: what normalization is, what it gives, what it costs, and why it works.
enum Norms: ChapterProgram {
  typealias Options = NormOptions
  static let number = 5
  /// The factors in front of all weights.
  static let factors = [0.1, 0.2, 0.5, 1, 2, 5, 10]
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
    /// One for each batch size.
    var moments: [BatchMoments]
    var sweeps: SweepFindings
    var sizes: SizeFindings
    var heart: HeartFindings
    var drift: DriftFindings
    /// One for each seed.
    var overTime: [MomentStatistics]
    var dispute: DisputeFindings
    /// Trained nets tested in the wrong mode.
    var modes: ModeFindings?
    /// How far steps turn the weights; from a full run alone.
    var turning: TurnFindings?
    /// Other rates, another ε, another place; from a full run alone.
    var controls: NormControls?
    /// How many images were kept back to choose rates by.
    var keptBack: Int?
    /// What weight decay does before a norm, and few images learned by heart by more seeds; added to the record.
    var decay: DecayFindings?
    var heartAgain: HeartFindings?
    /// The noise of batch statistics by itself; added to the record.
    var noise: NoiseFindings?
    /// Nets of growing depth, and the dispute on the perceptron of the sweeps; added to the record.
    var depth: DepthFindings?
    var fiveLayers: DisputeFindings?
    /// Half a norm, layer norm, and training curves; added to the record.
    var halves: HalvesFindings?

    /// The dispute on the perceptron of the sweeps; on the smaller net, where that is not measured.
    var decisive: DisputeFindings { fiveLayers ?? dispute }

    /// `one seed`, `3 seeds`.
    var seedWords: String { seeds.count == 1 ? "one seed" : "\(seeds.count) seeds" }
  }

  static func data(_ findings: Findings) -> String { findings.data }
}

/// The formula and what follows from it, in 32-bit numbers.
struct FormulaFindings: Codable, Sendable {
  /// How far the formula by hand is from the core's layer.
  var coreDifference: Double
  var census: [AxisCensus]
  /// The largest change by a bias, and the largest error of giving back what was received; for each seed.
  var biasChange: Summary
  var restoration: Summary
  /// [seed][factor].
  var effects: [[ScaleEffect]]
  /// What goes into the norm and what comes out, for each factor; histograms from −6 to 6.
  var before: [Spread]
  var after: [Spread]
  var backward: CancelledGradients
}

/// Test errors over learning rates and over the size of the initial weights, [net of the pair].
struct SweepFindings: Codable, Sendable {
  /// A net with at least so many errors in per cent is of no use.
  static let limit = 50.0

  var rates: [Sweep]
  var scales: [Sweep]

  /// The largest usable learning rate of each net.
  var reach: [Summary] { rates.map { Summary($0.largestUsable(below: Self.limit)) } }
  /// The best rate of each net.
  var bestRates: [Double] { rates.map { $0.settings[$0.best] } }
  /// The net at its best rate.
  var bestErrors: [Summary] { rates.map { $0.errors[$0.best] } }
  /// The points of error that batch norm saves, each net at its own best rate, seed by seed.
  var gain: Summary { bestErrors[0] - bestErrors[1] }
  /// The same with both nets at the best rate of the net without a norm.
  var gainAtPlainRate: Summary {
    let plain = rates[0].best
    return rates[0].errors[plain]
      - rates[1].errors[nearest(to: rates[0].settings[plain], in: rates[1].settings)]
  }
  /// The smallest rate from which on the net without a norm only guesses, or next to it.
  var guessesFrom: Double {
    let errors = rates[0].errors
    return errors.indices.first { place in errors[place...].allSatisfy { $0.mean > 85 } }.map { rates[0].settings[$0] }
      ?? rates[0].settings[errors.count - 1]
  }
  /// The rates at which the net without a norm makes fewer mistakes, beyond chance.
  var plainAhead: [Double] {
    rates[0].settings.indices.filter {
      let lead = rates[1].errors[$0] - rates[0].errors[$0]
      return isClear(lead, beyond: 0) && lead.mean > 0
    }
    .map { rates[0].settings[$0] }
  }
  /// How many times as large it is with batch norm, seed by seed.
  var reachRatio: Summary {
    let smallest = rates[0].settings[0]
    return Summary(zip(reach[1].values, reach[0].values).map { $0 / max($1, smallest) })
  }
  /// Without a norm, the errors at a size of the initial weights; at the nearest that was tried.
  func error(without scale: Double) -> Summary { scales[0].errors[nearest(to: scale, in: scales[0].settings)] }
  /// With batch norm.
  func error(with scale: Double) -> Summary { scales[1].errors[nearest(to: scale, in: scales[1].settings)] }
  /// Whether the largest initial weights cost batch norm no errors beyond chance over He's.
  var forgivesLarge: Bool {
    guard let largest = scales[1].errors.last else { return true }
    return (largest - error(with: 1)).direction() != .above
  }
  /// The powers of ten of usable initial weights, for the mean errors of each net.
  var spans: [Double] { scales.map { $0.decades(below: Self.limit) } }
  /// The same for each seed.
  var spansBySeed: [Summary] {
    scales.map { sweep in
      Summary(
        (sweep.results.first ?? []).indices.map { seed in
          let usable = sweep.settings.indices.filter { sweep.results[$0][seed].error < Self.limit }
            .map { sweep.settings[$0] }
          guard let least = usable.min(), let most = usable.max() else { return 0 }
          return log10(most / least)
        })
    }
  }
  /// Whether the net with batch norm was usable at both ends of the sweep: then its range may be wider still.
  var isWiderThanSweep: Bool {
    let settings = scales[1].settings
    return spans[1] > log10(settings[settings.count - 1] / settings[0]) - 1e-6
  }
}

/// Test errors over the batch size.
struct SizeFindings: Codable, Sendable {
  var trainingCount: Int
  /// For each of `Normalization.allCases`; the settings are the batch sizes.
  var sweeps: [Sweep]
  /// Batch norm after the convolutions alone; and everywhere, its statistics taken anew after training.
  var convolutionsOnly: Sweep
  var reestimated: Sweep
  /// Batch norm after the dense layer alone, at the smallest size.
  var denseOnly: Sweep?

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

  func errors(_ kind: Normalization) -> [Summary] { sweeps[kind.color].errors }

  /// The error at the smallest size over that at 8, seed by seed.
  func ratios(_ kind: Normalization) -> Summary { ratios(of: sweeps[kind.color].results) }
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
  /// [without, with][seed], from He's start; and without from S0's, which is too small.
  var traces: [[DriftTrace]]
  var fromSmallWeights: [DriftTrace]
  /// The names of the hidden activations.
  var layers: [String]
  /// The epochs whose histograms are drawn, and for the first seed [without, with][epoch][layer].
  var shownEpochs: [Int]
  var shown: [[[TensorStatistics]]]
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
  /// The loss of each net of the pair at each factor in front of its weights.
  var losses: [[Summary]] { overFactors(\.losses) }
  /// The same of its gradients.
  var gradients: [[Summary]] { overFactors(\.gradients) }
  private func overFactors(_ value: (WeightScaling) -> [Double]) -> [[Summary]] {
    scalings.map { runs in Norms.factors.indices.map { i in Summary(runs.map { value($0)[i] }) } }
  }
  /// How many times the loss is when the weights are doubled, for each net of the pair.
  var doubled: [Double] { losses.map { $0[4].mean / $0[3].mean } }

  // MARK: The recurrent net

  /// The spread at each moment with statistics shared by all.
  var shared: [Summary] {
    (overTime.first?.sharedDeviations ?? []).indices.map { t in Summary(overTime.map { $0.sharedDeviations[t] }) }
  }
  var sharedLow: Double { shared.map(\.mean).min() ?? 0 }
  var sharedHigh: Double { shared.map(\.mean).max() ?? 0 }
}

/// Batch norm with noise after it: is stability what makes it work?
struct DisputeFindings: Codable, Sendable {
  var rates: [Double]
  /// [variant][rate]: the test error averaged over the run.
  var errors: [[Summary]]
  /// [variant]: how far the distributions move in a step, at the variant's best rate.
  var movements: [Summary]
  /// [without, with][seed]: probed runs, both at the best rate of the net without a norm.
  var probed: [[StabilityRun]]
  /// [variant][rate], and [rate] of the net with the noise and without a norm: the errors on images kept back, averaged
  /// over the run; nothing at a rate that was not tried on them.
  var validation: [[Summary]]?
  var validationAlone: [Summary]?
  /// [seed]: batch norm probed at its own best rate.
  var probedAtOwn: [StabilityRun]?
  /// [rate]: the errors of the net with the noise and without a norm.
  var noiseAlone: [Summary]?
  /// The gradient ahead, without a norm and with batch norm at one rate, and with batch norm at its own. Of the perceptron
  /// of the sweeps alone.
  var walk: [Walk]?
  /// The versions at their best rates over more seeds; see `addSeeds`.
  var bestAgain: [Summary]?
  /// How many hidden layers the nets have, where they are those of the sweeps and the errors are those after training;
  /// nil for the smaller net, whose errors are averaged over the run.
  var hiddenLayers: Int?

  /// The same with a run that diverged, which has 100 %, counted as guessing, as in the other sweeps.
  var shown: [[Summary]] { errors.map { $0.map { Summary($0.values.map { min($0, 90) }) } } }
  /// The place of each variant's best rate by the images kept back, by the tested ones where there are none; and its
  /// errors there.
  var best: [Int] {
    errors.indices.map { variant in validation.flatMap { bestPlace($0[variant]) } ?? bestPlace(errors[variant]) ?? 0 }
  }
  var bestErrors: [Summary] { bestAgain.map { Array($0.prefix(3)) } ?? zip(errors, best).map { $0[$1] } }
  /// `the best rate of the plain net and a quarter of batch norm's`: what the rate of the probed runs is.
  var probedRate: String {
    let share = rates[best[0]] / rates[best[1]]
    let known = [(1.0, "also"), (0.5, "half"), (0.25, "a quarter"), (0.125, "an eighth")].first {
      abs($0.0 / share - 1) < 0.01
    }
    return switch known?.1 {
    case "also": "the best rate of both nets"
    case let word?: "the best rate of the plain net and \(word) of batch norm's"
    case nil: "the best rate of the plain net and \(short(share)) times batch norm's"
    }
  }
  /// The rate that four steps reach, where the plain net makes half as many errors again as at its best; nil where it does
  /// not, or that rate was not tried.
  var failingRate: Double? {
    let ahead = 4 * rates[best[0]]
    guard let place = rates.firstIndex(where: { abs($0 / ahead - 1) < 0.01 }),
      isClear(shown[0][place] - bestErrors[0], beyond: 0), shown[0][place].mean > 1.5 * bestErrors[0].mean
    else { return nil }
    return rates[place]
  }
  /// The control with a run that diverged counted as guessing, and its best rate.
  var shownNoiseAlone: [Summary]? { noiseAlone?.map { Summary($0.values.map { min($0, 90) }) } }
  private var noiseAlonePlace: Int? { bestPlace(validationAlone ?? shownNoiseAlone ?? []) }
  var noiseAloneRate: Double? { noiseAlonePlace.map { rates[$0] } }
  /// The errors with noise and without a norm at the best of the rates, and what that noise costs the net without a norm.
  var noiseAloneBest: Summary? { bestAgain?[3] ?? noiseAlonePlace.flatMap { shownNoiseAlone?[$0] } }
  var costWithoutNorm: Summary? {
    noiseAloneBest.map { $0 - Summary(Array(bestErrors[0].values.prefix($0.count))) }
  }
  /// What the noise costs batch norm, each at its best rate.
  var costOfNoise: Summary { bestErrors[2] - bestErrors[1] }
  /// The points that steady inputs explain: what the noise costs more with batch norm than without, where there is nothing
  /// steady to lose.
  var steadiness: Summary? {
    costWithoutNorm.map { Summary(Array(costOfNoise.values.prefix($0.count))) - $0 }
  }
  /// By how much batch norm with noise is ahead of no norm, each at its best rate.
  var noisyLead: Summary { bestErrors[0] - bestErrors[2] }
  var movesMore: Summary { movements[2] - movements[0] }
  /// More movement than without a norm, and yet faster, both beyond chance.
  var isRefuted: Bool {
    isClear(movesMore, beyond: 0) && movesMore.mean > 0 && isClear(noisyLead, beyond: 0) && noisyLead.mean > 0
  }
  /// The points of error that batch norm saves, each net at its own best rate.
  var gain: Summary { bestErrors[0] - bestErrors[1] }
  /// How the gradient changes along the step: without and with.
  var gradientChanges: [Summary] {
    probed.map { runs in Summary(runs.map { Summary($0.gradientChanges).mean }) }
  }
}

extension Summary {
  /// The mean of factors: exp of the mean logarithm.
  var geometricMean: Double { exp(Summary(values.map { log($0) }).mean) }
}
