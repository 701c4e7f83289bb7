// What chapter 2 measures.

import Workbook

/// What functions the line: what each activation does to a gradient, to its units, and to the time of a step.
enum Activations: ChapterProgram {
  static let number = 2
  /// The layers that a gradient goes back through.
  static let depth = 16
  /// The steps of a walk, and the means of its inputs.
  static let walkSteps = 60
  static let means = [0.0, 0.25, 0.5, 1, 2]
  static let turnedMean = 0.5
  static let farMean = 1.0
  /// The batches in which signs are counted, after these activations, for units of so many weights.
  static let batches = [1, 4, 16, 64, 256, 1024]
  static let signCases: [(function: Nonlinearity, fanIn: Int)] = [
    (.sigmoid, 16), (.sigmoid, 256), (.sigmoid, 1024), (.relu, 16), (.tanh, 16),
  ]
  /// The place of 64 among the batches.
  static let batchOf64 = 3
  /// The loss that the race goes down to.
  static let target = 0.5
  /// The loss that the long race goes down to.
  static let lowTarget = 0.1

  struct Findings: Codable, Sendable {
    /// What the networks were trained on.
    var data: String
    var seeds: [UInt64]
    /// The share of its largest slope that a sigmoid has left at ±10.
    var slopeLeft: Summary
    var depth: DepthExperiment
    /// [mean of `means`][seed]; the path of the first seed only.
    var walks: [[TwoWeights.Path]]
    /// The same for a mean of `turnedMean`, inputs and goal turned by 45°.
    var turned: [TwoWeights.Path]?
    /// The same for a mean of `farMean`; in the record alone.
    var turnedFar: [TwoWeights.Path]? = nil
    /// [case of `signCases`][batch]: the share of units with one sign for all weights.
    var signShares: [[Summary]]
    var census: CensusFindings
    var maxout: MaxoutFindings
    var race: RaceFindings
    /// The race on photographs; in the record alone.
    var photographs: PhotographFindings? = nil
    var deepNets: DeepFindings
    /// In full runs alone, and not in older records.
    var sizes: SizeFindings? = nil
    /// tanh against ReLU down to a low loss; in full runs alone, and not in older records.
    var longRace: RaceFindings? = nil
    var costs: CostFindings
    /// PyTorch's default weights against He's in ReLU nets of several depths; in the record alone.
    var firstWeights: FirstWeights? = nil
    /// Some activations in the conv net and in deep nets; in the record alone.
    var settings: SettingNets? = nil
    /// More counts of dead units; in the record alone.
    var units: UnitCounts? = nil
    /// What a check of the first weights prints; not in older records.
    var check: [FirstCheck]? = nil
  }

  static func data(_ findings: Findings) -> String { findings.data }
}

/// Dead units, and outputs that are not centred.
struct CensusFindings: Codable, Sendable {
  /// The steps of a training, and the images that are sent through afterwards.
  var steps: Int
  var probeCount: Int
  /// More seeds than elsewhere: whether units die is a matter of luck.
  var seeds: [UInt64]
  var experiment: CensusExperiment
  /// The same at rates between those, where the units begin to die; in the record alone.
  var between: CensusExperiment? = nil
  /// For each activation of `Nonlinearity.allCases`, at the usual rate: |mean| / standard deviation of the outputs of the
  /// second hidden layer.
  var offsets: [Summary]
  /// The share of ReLUs of that layer that are above 0.
  var active: Summary
  /// The share of its units with gradients of one sign in a batch of 64, after sigmoids and after ReLUs; not in older records.
  var tied: [Summary]?
}

extension CensusFindings {
  /// Where signs were counted in trained nets: after sigmoids and after ReLUs.
  var counted: [Summary]? { tied.flatMap { $0.count == 2 && $0.allSatisfy { $0.count > 0 } ? $0 : nil } }
}

extension CensusFindings {
  /// The census at all rates, in their order.
  var whole: CensusExperiment {
    guard let between, between.results.count == experiment.results.count else { return experiment }
    let rates = experiment.rates + between.rates
    let order = rates.indices.sorted { rates[$0] < rates[$1] }
    return CensusExperiment(
      rates: order.map { rates[$0] },
      results: zip(experiment.results, between.results).map { first, second in order.map { (first + second)[$0] } })
  }
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
  /// How many other seeds each rate was tried on.
  var trials: Int
  var testCount: Int
  /// One for each of `Nonlinearity.allCases` but PReLU, in a quick run for tanh and ReLU.
  var racers: [Racer]

  /// The racer of one activation.
  subscript(function: Nonlinearity) -> Racer { racers.first { $0.function == function } ?? racers[0] }
  /// Whether all runs of tanh and of ReLU came down to the target.
  var converged: Bool { self[.tanh].arrives && self[.relu].arrives }
  /// How many times the steps of ReLU tanh needs, seed by seed; a mean of ratios is not the ratio of the means.
  var ratio: Summary { self[.tanh].steps / self[.relu].steps }
}

/// A deep net of each of `DeepNet.kinds`.
struct DeepFindings: Codable, Sendable {
  var steps: Int
  var testCount: Int
  var nets: [DeepNet]
  /// A sigmoid of each of `MendedSigmoid.allCases`; not in older records.
  var mended: [DeepNet]? = nil
  /// One of each of `RarerActivation.allCases`, in full runs alone; without the last in older records.
  var rarer: [DeepNet]? = nil

  /// A sigmoid with the weights that suit it best: `SizedSigmoid.matched`; not in older records.
  var matched: DeepNet? = nil
  /// Sigmoids with the reference weights, trained ten times as long as all data; in the record alone.
  var long: LongNet? = nil
}

/// A deep net after many passes through the data, at the best of some rates.
struct LongNet: Codable, Sendable {
  var steps: Int
  var rates: [Float]
  var net: DeepNet
}

extension Summary {
  /// The ratio of two measurements, seed by seed.
  static func / (first: Summary, second: Summary) -> Summary {
    Summary(zip(first.values, second.values).map { $0 / $1 })
  }
}

/// Measured times; the only numbers of the chapter that a second run does not repeat.
struct CostFindings: Codable, Sendable {
  /// For each activation of `Nonlinearity.allCases`.
  var elements: [Cost]
  /// The milliseconds of a training step with ReLU and with tanh.
  var steps: [Double]

  /// How many times ReLU's cost each has, forward and backward.
  var ratios: [Double] { elements.map { $0.both / elements[Nonlinearity.relu.rawValue].both } }
  /// Whether none costs less than ReLU, as far as such times can be trusted.
  var isReLUCheapest: Bool { ratios.allSatisfy { $0 > 0.9 } }
}

extension Activations.Findings {
  /// The sigmoid net with the weights that suit it best; the place among its sizes that the usual run trains.
  var matchedSigmoid: DeepNet? { deepNets.matched ?? sizes?.sigmoids.first?[SizedSigmoid.matched] }
  /// The sigmoid net that ends lowest, of all sizes of its weights.
  var bestSigmoid: DeepNet {
    let nets = deepNets.nets
    return (nets[0...1] + [matchedSigmoid].compactMap { $0 }).min { $0.losses.mean < $1.losses.mean } ?? nets[0]
  }
  /// How many times ReLU's loss it ends with, seed by seed.
  var sigmoidOverReLU: Summary { bestSigmoid.losses / deepNets.nets[DeepNet.relu].losses }
  var seedWords: String { counted(seeds.count, "seed") }
}
