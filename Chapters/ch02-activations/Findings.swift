// What chapter 2 measures.

import Workbook

/// What bends the line: what each activation does to a gradient, to its units, and to the time of a step.
enum Activations: ChapterProgram {
  static let number = 2
  /// The layers that a gradient goes back through.
  static let depth = 16
  /// The steps of a walk, and the means of its inputs.
  static let walkSteps = 60
  static let means = [0.0, 0.25, 0.5, 1, 2]
  /// The batches in which signs are counted, behind these activations.
  static let batches = [1, 2, 4, 8, 16, 32, 64]
  static let signBends: [Bend] = [.sigmoid, .relu, .elu, .tanh]
  /// The loss that the race goes down to.
  static let target = 0.5

  struct Findings: Codable, Sendable {
    /// What the networks were trained on.
    var data: String
    var seeds: [UInt64]
    /// The share of its best slope that a sigmoid has left at ±10.
    var slopeLeft: Summary
    var depth: DepthExperiment
    /// [mean of `means`][seed]; the path of the first seed only.
    var walks: [[TwoWeights.Path]]
    /// [activation of `signBends`][batch]: the share of units with one sign for all weights.
    var signShares: [[Summary]]
    var census: CensusFindings
    var maxout: MaxoutFindings
    var race: RaceFindings
    var costs: CostFindings
  }

  static func data(_ findings: Findings) -> String { findings.data }
}

/// Dead units, and outputs that are not centred.
struct CensusFindings: Codable, Sendable {
  /// The steps of a training, and the images that are sent through afterwards.
  var steps: Int
  var probeCount: Int
  var experiment: CensusExperiment
  /// For each activation of `Bend.allCases`, at the usual rate: |mean| / standard deviation of the outputs of the second
  /// hidden layer.
  var offsets: [Summary]
}

/// The parameters of a layer of 100 to 100: dense, and maxout with two pieces.
struct MaxoutFindings: Codable, Sendable {
  var dense: Int
  var maxout: Int
}

/// Steps to a fixed loss.
struct RaceFindings: Codable, Sendable {
  /// The most steps of a run.
  var limit: Int
  /// The seeds on which a rate is chosen. One may be lucky with a rate at which others blow up.
  var trials: Int
  var racers: [Racer]
  /// tanh and ReLU from the paper's start, every weight from N(0, 0.01²); their losses are not drawn.
  var small: [Racer]

  /// The racer of one activation.
  subscript(bend: Bend) -> Racer { racers.first { $0.bend == bend } ?? racers[0] }
  /// Whether all runs of tanh and of ReLU came down to the target.
  var converged: Bool { self[.tanh].arrives && self[.relu].arrives }
  /// How many times the steps of ReLU tanh needs, seed by seed; a mean of ratios is not the ratio of the means.
  var ratio: Summary { Self.ratio(self[.tanh], self[.relu]) }
  /// The same from the paper's start.
  var smallRatio: Summary { Self.ratio(small[0], small[1]) }
  /// Whether these runs are long enough to tell.
  var isSmallTold: Bool { small[0].arrives || small[1].arrives }

  private static func ratio(_ first: Racer, _ second: Racer) -> Summary {
    Summary(zip(first.steps, second.steps).map { $0 / $1 })
  }
}

/// Measured times; the only numbers of the chapter that a second run does not repeat.
struct CostFindings: Codable, Sendable {
  /// For each activation of `Bend.allCases`.
  var elements: [Cost]
  /// The milliseconds of a training step with ReLU and with tanh.
  var steps: [Double]

  /// How many times ReLU's cost each has, forward and backward.
  var ratios: [Double] { elements.map { $0.both / elements[Bend.relu.rawValue].both } }
}

extension Activations.Findings {
  var seedWords: String { counted(seeds.count, "seed") }
}
