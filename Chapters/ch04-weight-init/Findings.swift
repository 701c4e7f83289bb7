// What chapter 4 measures.

import Workbook

/// Why the initial weights matter: what they do to a signal, to a gradient, and to training.
enum WeightInit: ChapterProgram {
  static let number = 4
  /// The layers of the lecture's net, of the net of one gain, of He's net, and of the convolutional one.
  static let depth = 6
  static let sweepDepth = 20
  static let deep = 30
  static let convolutionDepth = 10

  struct Findings: Codable, Sendable {
    /// The pictures that were used.
    var data: String
    var seeds: [UInt64]
    /// With `--mine`: what the reader's answer to exercise 4.3 has given.
    var mine: ReadersStart?
    var symmetry: SymmetryFindings
    /// The width of the lecture's net, and what it does to a signal from each of `Start.lecture`.
    var width: Int
    var signals: SpreadExperiment
    /// A layer of this width, one gain after the other.
    var gainWidth: Int
    var gains: [ScaleFrame]
    var thirty: ThirtyFindings
    var cosines: CosineFindings?
    /// The training from each of `Start.deep`, and from each of `Start.deepTanh`.
    var training: DeepFindings
    var tanhTraining: DeepFindings?
    var trainingSeeds: Int
    var convolution: ConvolutionFindings
    /// Measured after everything else: Xavier's plain net beyond the grid of rates. A record from before does not have it.
    var plainXavier: PlainXavier?
    /// Nets of several depths: of full runs alone.
    var depths: DepthStudy?
    /// Six layers that begin saturated; added to the record.
    var furtherDepths: FurtherDepths?
    /// PyTorch's first weights, and looks at fresh nets; added to the record.
    var controls: DepthControls?
    /// Plain convolutional nets of several depths; added to the record.
    var convDepths: ConvDepths?
    /// What the tables of depths left open; added to the record.
    var gaps: GapFindings?
    /// Adam from each start, gains of tanh, and the weights of the page's own lines; added to the record.
    var own: OwnCase?
  }

  static func data(_ findings: Findings) -> String { findings.data }
}

/// What the reader's answer to exercise 4.3 makes of He's start.
struct ReadersStart: Codable, Sendable {
  /// The standard deviation that it gives; nil where there is no answer to be used.
  var deviation: Float?
  /// Why there is none: `not attempted`.
  var reason: String?
}

/// Nets that begin equal, and one that does not.
struct SymmetryFindings: Codable, Sendable {
  var seeds: [UInt64]
  /// [start of `SymmetryStart.allCases`][seed].
  var runs: [[SymmetryRun]]

  /// The share of points that each start has wrong at the end, in per cent.
  var errors: [Summary] {
    runs.map { runs in Summary(runs.map { 100 * ($0.errors.last ?? .nan) }) }
  }
  /// The most different units that a net of equal weights has.
  var twinUnits: Int { runs[1].map(\.distinctUnits).max() ?? 0 }
}

/// What thirty ReLU layers leave of a signal.
struct ThirtyFindings: Codable, Sendable {
  var width: Int
  /// [start of `Start.rectified`][layer]: √E[x²] of the activations, over the seeds.
  var sizes: [[Summary]]

  /// What Xavier's start should leave: (1/√2)³⁰.
  static var theory: Double { 1 / 2.0.squareRoot().power(WeightInit.deep) }
}

/// Fan-ins of convolutions.
struct ConvolutionFindings: Codable, Sendable {
  static let kernels = [
    Kernel(side: 3, channels: 1), Kernel(side: 3, channels: 16), Kernel(side: 5, channels: 6),
  ]

  /// The fan-in of each of `kernels`, counted by its variance.
  var fanIns: [Summary]
  /// [start of `ConvStart.allCases`][layer]: √E[x²] of the activations, mean over the seeds.
  var sizes: [[Double]]
}

extension WeightInit.Findings {
  /// `Mean over 3 seeds`, `Seed 1`.
  var overSeeds: String { seeds.count > 1 ? "Mean over \(seeds.count) seeds" : "Seed \(seeds[0])" }

  /// The formula compared with the last layer, for each of `Start.lecture`.
  var theories: [Theory] {
    Start.lecture.indices.map {
      theory(start: $0, layer: WeightInit.depth - 1, in: signals, width: width)
    }
  }
}
