// What chapter 1 measures.

import Foundation
import Workbook

/// Walking downhill: gradients, how they are checked, and steps.
enum GradientDescent: ChapterProgram {
  static let number = 1

  struct Findings: Codable, Sendable {
    /// The pictures of the sanity checks.
    var data: String
    var seeds: [UInt64]
    /// How far the neuron's slopes by hand are from measured ones, at worst.
    var slopeError: Double
    var differences: DifferenceFindings
    var bowl: BowlFindings
    var spirals: SpiralFindings
    var sweep: RateSweep
    /// The steps of each training of the sweep.
    var sweepSteps: Int
    /// One for each of `Walker.all`.
    var race: [RaceFindings]
    var conditions: ConditionExperiment
    var checks: CheckFindings
    /// The largest curvature of the spiral net before training, for each seed; not in older records.
    var firstCurvatures: Summary? = nil
    /// Not in older records.
    var optimizers: OptimizerFindings? = nil
    /// Measured after the rest, in the record alone.
    var additions: AdditionFindings? = nil
    /// Measured after the rest, in the record alone.
    var curvatures: CurvatureCourse? = nil
    /// Measured after the rest, in the record alone.
    var methodRates: MethodRates? = nil
    /// The methods on the spirals at a rate that falls to 0, batches of several sizes and a long run on digits: measured
    /// after the rest, in the record alone.
    var falling: OptimizerFindings? = nil
    var digitBatches: DigitBatches? = nil
    var longRun: LongRun? = nil
  }

  static func data(_ findings: Findings) -> String { findings.data }
}

/// Numerical gradients and their errors.
struct DifferenceFindings: Codable, Sendable {
  /// One way to measure a gradient.
  struct Curve: Codable, Sendable {
    var name: String
    /// The steps h, rising, and for each the median error over the seeds.
    var steps: [Double]
    var typical: [Double]
    /// For each seed the step with the smallest error, and that error.
    var bestSteps: Summary
    var bestErrors: Summary

    /// The best step in the middle of the seeds, as powers of ten go.
    var bestStep: Double { pow(10, Summary(bestSteps.values.map { log10($0) }).mean) }

    /// The typical error at the step nearest to `h`.
    func typical(at h: Double) -> Double {
      typical[nearest(to: h, in: steps)]
    }
  }

  /// Central in Float, central in Double, one-sided in Double.
  var curves: [Curve]
  /// The powers of h with which the rules err in Double.
  var centralOrder: Summary
  var oneSidedOrder: Summary
  /// For each of `GradientMistake.allCases` its relative error in Double, over the seeds; not in older records.
  var mistakesInDouble: [Summary]?
}

/// A bowl of curvatures 1 and 20.
struct BowlFindings: Codable, Sendable {
  static let bowl = Bowl(condition: 20)
  /// The learning rates that are drawn.
  static let rates = [0.005, 0.02, 0.05, 0.08, 0.09, 0.1, 0.102]

  /// The largest rate that does not diverge, for each seed.
  var largestRate: Summary
  /// The steps of each walk, and a walk with each of `rates`, cut where it leaves the picture.
  var steps: Int
  var walks: [Walk]

  /// Whether the largest rate is the same for all starts, to the four decimals that are written.
  var isOneRate: Bool { largestRate.maximum - largestRate.minimum < 5e-5 }

  func walk(_ rate: Double) -> Walk { walks[Self.rates.firstIndex(of: rate) ?? 0] }
}

/// A net on two spirals.
struct SpiralFindings: Codable, Sendable {
  var hidden: Int
  var steps: Int
  /// The share of points on the wrong side at the end, for each seed: with the hidden layer and without.
  var netErrors: Summary
  var lineErrors: Summary
  /// The first seed: the loss before and after, and its points as series.
  var firstLoss: Double
  var lastLoss: Double
  var points: [[Float]]
  var labels: [Int]
  /// The first seed's net at some steps.
  var snapshots: [SpiralSnapshot]
}

/// One method on a bowl with κ = 100.
struct RaceFindings: Codable, Sendable {
  /// Its best learning rate: of plain descent the exact one, of the others the best of those tried.
  var rate: Double
  /// The steps to 1 % of the starting distance, for each seed.
  var steps: Summary
}

/// The two checks before a long run.
struct CheckFindings: Codable, Sendable {
  /// The sizes of the last layer's weights.
  static let gains: [Float] = [0.01, 0.03, 0.1, 0.3, 1, 3, 10]

  /// The images of the first loss.
  var imageCount: Int
  /// For each of `gains`, over the seeds.
  var firstLosses: [Summary]
  /// The steps of memorizing; for each of `Defect.allCases` the first seed's losses, and the last loss of each seed.
  var steps: Int
  var curves: [[Double]]
  var ends: [Summary]
  /// For each of `Defect.allCases`: the size of the first step over the size of the weights, first layer.
  var updates: [Summary]
  /// The least loss of a net that cannot see the images.
  var blind: Double
}
