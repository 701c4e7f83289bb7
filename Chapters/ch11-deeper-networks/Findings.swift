// What chapter 11 measures.

import Foundation
import Workbook

/// Deeper: why depth is worth having, what goes wrong on the way down, and what the addition changes.
enum DeeperNetworks: ChapterProgram {
  typealias Options = DeeperOptions
  static let number = 11

  struct Findings: Codable, Sendable {
    /// What the networks were trained on.
    var data: String
    /// The sawtooth in its two forms, from one fold on.
    var sawtooth: [SawtoothCount]
    var gradients: GradientFindings
    var degradation: DegradationFindings
    /// Without additions, and with them.
    var landscapes: [Landscape]
    var scaling: ScalingFindings
    var slim: SlimFindings
    /// The same on photographs beside those on digits; nil where it was not measured.
    var slimPhotographs: SlimFindings?
    var blocks: BlockFindings
    var families: [FamilyCount]
    /// What a published network says of the reader's photograph, where there is one.
    var photograph: Photograph?
    /// The gradient's norm in the nets of the comparison, block by block; nil in older records.
    var flow: GradientFlow?
    /// The same of the nets that begin in other ways, before training; full runs only.
    var startFlow: GradientFlow?
    /// The deep nets each at a rate of its own; full runs only.
    var ownRates: OwnRates?
    /// Several factors on the branches, each at a rate of its own; full runs only.
    var factors: BranchFactors?
    /// The plain nets trained until they end; full runs only.
    var ending: LongTraining?
    /// Nets that stand beside the comparison: wider ones, other starts, additions that fade out; full runs only.
    var controls: Controls?
    /// What a linear layer reads of the signal after each block before training; full runs only.
    var readings: LinearReadings?
    /// How alike two images are to the nets before training, and how many changes come through; full runs only.
    var alikeness: Alikeness?
    /// Gradients behind blocks with nothing after the sum; full runs only.
    var bareSums: [GradientDecay]?
    /// Nets of several depths on photographs; nil where they were not measured.
    var depth: DepthFindings?
    /// Of two depths on all photographs, for longer; nil where they were not measured.
    var longDepth: DepthFindings?
    /// Of two and four layers, trained as those; nil where they were not measured.
    var fewLayers: DepthFindings?
  }

  static func data(_ findings: Findings) -> String { findings.data }
}

/// What is left of a gradient behind stacks of several depths.
struct GradientFindings: Codable, Sendable {
  /// What a layer of ReLU with batch normalization does to the gradient in theory (Yang et al. 2019).
  static let theory = (Double.pi / (Double.pi - 1)).squareRoot()

  /// The same where the norm shifts by β: Φ(β) of the squares are left, and the deviation behind the ReLU is divided by.
  static func theory(shift: Double) -> Double {
    let open = erfc(-shift / 2.0.squareRoot()) / 2
    let density = exp(-shift * shift / 2) / (2 * Double.pi).squareRoot()
    let mean = shift * open + density
    return (open / ((shift * shift + 1) * open + shift * density - mean * mean)).squareRoot()
  }

  /// What residual blocks with nothing after the sum do to it in theory: block l by √(1 + c²/l), c of the one ReLU and norm in
  /// the branch.
  static func residualTheory(blocks: Int) -> Double {
    (1...max(1, blocks)).reduce(1) { $0 * residualFactor(block: $1) }
  }
  static func residualFactor(block: Int) -> Double { (1 + theory * theory / Double(block)).squareRoot() }

  var seeds: Int
  /// One for each depth.
  var decays: [GradientDecay]

  /// The depth of which the page speaks: 30 layers, or the deepest there is.
  var shown: GradientDecay { decays.first { $0.depth == 30 } ?? decays[decays.count - 1] }
}

/// Plain and residual nets of two depths, trained alike.
struct DegradationFindings: Codable, Sendable {
  var seeds: Int
  var epochs: Int
  var rate: Float
  var batch: Int
  var trainingCount: Int
  var testCount: Int
  /// Plain and shallow, plain and deep, residual and shallow, residual and deep; then the last with its branches at 0 at
  /// the start.
  var runs: [DeepRun]
  /// What the deep plain net has gained in its last five epochs, in points of training error.
  var lateGain: Double { Summary(deepPlain.errors.map { $0[max(0, $0.count - 6)] - ($0.last ?? .nan) }).mean }
  /// Whether that is more than half of what the deep plain net is behind.
  var isStillFalling: Bool { lateGain > gap.mean / 2 }
}

/// What a factor on the branch does.
struct ScalingFindings: Codable, Sendable {
  var blocks: Int
  /// [scale][seed][block]: the size of the signal over that of the input.
  var growth: [[[Double]]]
  var epochs: Int
  /// Points to learn from.
  var count: Int
  /// The learning rates that each could choose from.
  var rates: [Float]
  /// Trained with α = 0, 1/√L and 1.
  var trainings: [ScaledTraining]

  /// 1/√L.
  var root: Float { Self.root(blocks) }
  static func root(_ blocks: Int) -> Float { 1 / Float(blocks).squareRoot() }
  /// The factors whose growth is looked at.
  var scales: [Float] { Self.scales(blocks) }
  static func scales(_ blocks: Int) -> [Float] { [0, 1 / Float(blocks), root(blocks), 0.5, 1] }

  /// The size of the signal behind the last block, mean over the seeds.
  func end(_ scale: Int) -> Double { Summary(growth[scale].map { $0[blocks - 1] }).mean }
  /// How many mistakes fewer, in points, there are with α = 1/√L than without the branches.
  var branchGain: Summary { trainings[0].errors - trainings[1].errors }
}

/// The weights of residual blocks as built.
struct BlockFindings: Codable, Sendable {
  /// Two 3×3 convolutions on 64 channels.
  var basic: [Int]
  /// 1×1, 3×3, 1×1 on 256 channels.
  var bottleneck: [Int]

  var basicSum: Int { basic.reduce(0, +) }
  var bottleneckSum: Int { bottleneck.reduce(0, +) }
}

extension DegradationFindings {
  var shallowPlain: DeepRun { runs[0] }
  var deepPlain: DeepRun { runs[1] }
  var shallowResidual: DeepRun { runs[2] }
  var deepResidual: DeepRun { runs[3] }
  var zeroBranch: DeepRun { runs[4] }

  /// By how many points the deeper plain net errs more on its training images than the shallow one, in test mode.
  var gap: Summary { deepPlain.trainingErrors - shallowPlain.trainingErrors }
  /// The same on test images.
  var testGap: Summary { deepPlain.testErrors - shallowPlain.testErrors }
  /// By how many points the addition takes it down.
  var cure: Summary { deepPlain.trainingErrors - deepResidual.trainingErrors }
  /// By how many points the deeper residual net errs less on test images than the shallow one.
  var newGain: Summary { shallowResidual.testErrors - deepResidual.testErrors }
  /// By how much the responses behind the branches are smaller than those of the plain net.
  var quieter: Summary { deepPlain.branchResponses - deepResidual.branchResponses }
  /// Whether it is long enough to tell degradation from slowness.
  var isLong: Bool { epochs >= 20 }
}

/// The families in small, side by side.
struct SlimFindings: Codable, Sendable {
  /// What they were trained on: `MNIST`, `CIFAR-10`.
  var data: String
  var trainingCount: Int
  var testCount: Int
  var epochs: Int
  var seeds: Int
  var runs: [SlimRun]
  /// The rates tried.
  var rates: [Float]
  /// One test picture on its way through the ResNet of the first seed.
  var walk: PictureWalk

  /// The nets, the one with the fewest mistakes first.
  var ranking: [SlimRun] { runs.sorted { $0.finalTest.mean < $1.finalTest.mean } }
}

extension DeeperNetworks.Findings {
  /// The comparison of the deep nets: each at its own rate where that was measured, else at one rate for all.
  var fair: DegradationFindings {
    guard let ownRates, let runs = ownRates.compared else { return degradation }
    var nets = degradation
    // The last is held against the same net with γ = 1, at the same rate or both at their own: `branches`.
    (nets.runs, nets.seeds, nets.epochs) = (runs + [degradation.zeroBranch], runs[0].errors.count, ownRates.epochs)
    return nets
  }

  /// The deep residual net, its branches at their full size at the start, and at 0: each at its own rate where both were
  /// trained so.
  var branches: (full: DeepRun, zero: DeepRun) {
    guard let full = ownRates?.row(residual: true)?.run, let zero = ownRates?.row(residual: true, branchScale: 0)?.run
    else { return (degradation.deepResidual, degradation.zeroBranch) }
    return (full, zero)
  }
  /// How many networks have exactly the published number of parameters.
  var exactFamilies: Int { families.count { $0.parameters == $0.publishedParameters } }
  func family(_ name: String) -> FamilyCount { families.first { $0.name == name } ?? families[0] }
}
