// What chapter 5 measures.

import Foundation
import Workbook

/// Keeping every layer in range: what normalization is, what it gives, what it costs, and why it works.
enum Norms: ChapterProgram {
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
    /// [variant][seed].
    var stability: [[StabilityRun]]

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

/// Test errors over learning rates and over the size of the first weights, [net of the pair].
struct SweepFindings: Codable, Sendable {
  /// A net with at least so many errors in per cent is of no use.
  static let limit = 50.0

  var rates: [Sweep]
  var scales: [Sweep]

  /// The largest usable learning rate of each net.
  var reach: [Summary] { rates.map { Summary($0.largestUsable(below: Self.limit)) } }
  /// How many times as large it is with batch norm, seed by seed.
  var reachRatio: Summary {
    let smallest = rates[0].settings[0]
    return Summary(zip(reach[1].values, reach[0].values).map { $0 / max($1, smallest) })
  }
  /// The powers of ten of usable first weights, for the mean errors of each net.
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

  var sizes: [Int] { sweeps[0].settings.map { Int($0) } }
  /// The place of batches of 8.
  var eight: Int { sizes.firstIndex(of: 8) ?? 1 }

  func errors(_ kind: Normalization) -> [Summary] { sweeps[kind.color].errors }

  /// The error at the smallest size over that at 8, seed by seed.
  func ratios(_ kind: Normalization) -> Summary {
    let results = sweeps[kind.color].results
    return Summary(zip(results[0], results[eight]).map { $0.error / max($1.error, 0.1) })
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

  /// The test errors of a net.
  func errors(_ net: Int) -> Summary { Summary(results[net].map(\.error)) }
  /// By how much the test error is lower with batch norm, seed by seed.
  var gap: Summary { errors(0) - errors(1) }
}

/// LeNet-5+ and LeNet-5++: what enters their activations, what they cost, and how the second is folded.
struct DriftFindings: Codable, Sendable {
  var data: String
  var trainingCount: Int
  var epochs: Int
  /// [without, with][seed].
  var traces: [[DriftTrace]]
  /// The names of the hidden activations.
  var layers: [String]
  /// The epochs whose histograms are drawn, and for the first seed [without, with][epoch][layer].
  var shownEpochs: [Int]
  var shown: [[[TensorStatistics]]]
  /// One for each seed.
  var folding: [Folding]
  /// LeNet-5+, LeNet-5++.
  var costs: [NetCost]

  /// How the spread has grown since the first epoch: without, after the norm, before it.
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

  // MARK: The dispute

  /// The test error of each variant, averaged over the run.
  var meanErrors: [Summary] { stability.map { runs in Summary(runs.map { Summary($0.errors).mean }) } }
  /// The movement of each variant in a step; a run that diverged has none to speak of.
  var movements: [Summary] {
    stability.map { runs in Summary(runs.map { Summary($0.drifts).mean }.filter(\.isFinite)) }
  }
  /// How much of its lead batch norm loses with noise behind it.
  var lostLead: Double {
    (meanErrors[2].mean - meanErrors[1].mean) / (meanErrors[0].mean - meanErrors[1].mean)
  }
  var noiseMovesMore: Bool { movements[2].mean > movements[0].mean }
  /// How the gradient changes along the step: without and with.
  var gradientChanges: [Summary] {
    stability.prefix(2).map { runs in Summary(runs.map { Summary($0.gradientChanges).mean }) }
  }
  /// How far the loss varies along the step: without and with.
  var lossRanges: [Summary] { stability.prefix(2).map { runs in Summary(runs.map(\.lossRange)) } }
}
