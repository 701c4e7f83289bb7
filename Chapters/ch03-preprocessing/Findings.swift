// What chapter 3 measures.

import Workbook

/// What to make of pixels before a network sees them: seven ways, and what each does for a descent.
enum Preprocessings: ChapterProgram {
  static let number = 3
  /// What whitening adds to each variance, unless it is swept.
  static let epsilon: Float = 0.01

  struct Findings: Codable, Sendable {
    /// What the networks were trained on.
    var data: String
    var seeds: [UInt64]
    /// One for each mean of the inputs, and the one that is asked for: mean 3.
    var valleys: [Valley]
    var valleyAt3: Valley
    /// [method][seed]; the points of the first seed only.
    var clouds: [[CloudReport]]
    var digits: DigitFindings
    var epochs: Int
    /// All methods on the digits as they are, in a dense and in a convolutional net; two of them on black on white.
    var learning: LearningExperiment
    var convolution: LearningExperiment
    var ink: LearningExperiment
    var signs: SignFindings
    var whitening: WhiteningFindings
    /// Not in older records.
    var controls: ControlFindings? = nil
    /// Black on white in the convolutional net; not in older records.
    var paper: PaperNet? = nil
    /// The channel mean on white paper; added to the record.
    var channelPaper: ChannelPaper? = nil
    /// In full runs alone.
    var otherNets: PaperFindings? = nil
    /// White paper in the dense net after `longEpochs`; added to the record.
    var longPaper: PaperNet? = nil
    /// In full runs alone.
    var spectrum: SpectrumFindings? = nil
    /// Colour photographs; added to the record.
    var photographs: PhotographFindings? = nil
    /// Pictures of the preparations; added to the record.
    var strips: [Strip]? = nil
    /// Three preparations with three kinds of descent, in one table for each net on digits; added to the record.
    var rule: [RuleTable]? = nil
    /// Raw and centred images with batch norm at one rate, in one entry for each net; added to the record.
    var norms: [NormControl]? = nil
    /// A choice of features that has seen the test set; nil in older records.
    var leaks: LeakFindings? = nil
    static let longEpochs = 30
  }

  static func data(_ findings: Findings) -> String { findings.data }
}

/// Digits, prepared.
struct DigitFindings: Codable, Sendable {
  var trainingCount: Int
  /// The numbers in an image.
  var size: Int
  /// Mean of the pixels, and the standard deviation that `ChannelStandardization` divides by.
  var pixelMean: Double
  var pixelDeviation: Double
  /// The share of the variance in the first k components, k = 1 … all.
  var shares: [Double]

  /// How many components hold nine tenths of the variance.
  var needed: Int { (shares.firstIndex { $0 >= 0.9 } ?? shares.count - 1) + 1 }
}

/// How often all weights of a unit are pushed the same way.
struct SignFindings: Codable, Sendable {
  /// Per cent of the units of the first layer, raw and with the mean image subtracted: one image at a time, and in
  /// batches of 32.
  var single: [Summary]
  var batch: [Summary]
}

/// How much to whiten.
struct WhiteningFindings: Codable, Sendable {
  var epsilons: [Double]
  /// Each at its own rate, from rates that grow with ε.
  var rates: [Sweep]

  /// An ε at its own rate.
  struct Sweep: Codable, Sendable {
    var rate: Double
    /// Whether it is an end of the rates tried.
    var isAtEnd: Bool
    /// The test error in per cent.
    var error: Summary
  }

  /// The test error of each ε.
  var errors: [Summary] { rates.map(\.error) }
  /// The place of the ε with the fewest mistakes.
  var best: Int { epsilons.indices.min { errors[$0].mean < errors[$1].mean } ?? 0 }

  /// The rates tried for an ε. A large one divides all inputs, which moves the good rates up.
  static func rates(for epsilon: Double) -> [Float] { epsilon < 0.3 ? [0.03, 0.1, 0.3, 1] : [0.1, 0.3, 1, 3] }
}

/// A choice that has seen the test set, and what it hides.
struct LeakFindings: Codable, Sendable {
  /// One for each seed, labels that are coins.
  var choices: [ChoiceRun]
  var choice: Choice

  /// The samples of each set, and the features, of which some are chosen.
  struct Choice: Codable, Sendable {
    var count: Int
    var features: Int
    var chosen: Int
  }

  /// The points of error that choosing features with the test set hides.
  var hidden: Summary { choice(\.unseen) - choice(\.leaked) }
  func choice(_ value: (ChoiceRun) -> Double) -> Summary { Summary(choices.map(value)) }
}

extension Preprocessings.Findings {
  /// `Mean over 3 seeds`, `Seed 1`.
  var overSeeds: String { seeds.count > 1 ? "Mean over \(seeds.count) seeds" : "Seed \(seeds[0])" }

  /// The ways that the clouds were prepared in.
  var methods: [Method] { Array(Method.allCases.prefix(clouds.count)) }

  /// How many times fewer steps on the cloud one way takes than another, seed by seed.
  func speedup(from slow: Method, to fast: Method) -> Summary {
    Summary(zip(clouds[slow.rawValue], clouds[fast.rawValue]).map { Double($0.steps) / Double($1.steps) })
  }

  /// The way with the lowest training loss in the dense net.
  var bestLoss: Method { learning.methods.min { learning.best($0).loss.mean < learning.best($1).loss.mean } ?? .raw }
  /// By how many points the convolutional net errs more on PCA's coordinates than on raw pixels: scattered over its
  /// picture, where that was measured, since sorted into rows they crowd at its top.
  var turningCost: Summary {
    (controls?.scattered ?? convolution).best(.principal).error - convolution.best(.raw).error
  }
  /// By how many points a way errs more than raw pixels, in one of the nets.
  func overRaw(_ method: Method, _ experiment: LearningExperiment) -> Summary {
    experiment.best(method).error - experiment.best(.raw).error
  }
  /// By how many points a way errs more than the mean image.
  func worse(_ method: Method, _ experiment: LearningExperiment) -> Summary {
    experiment.best(method).error - experiment.best(.meanImage).error
  }
  /// By how many points the mean image errs more than raw pixels, in the convolutional net.
  var centring: Summary { overRaw(.meanImage, convolution) }
}

/// `1.3 points fewer errors (95 %: 0.8 to 1.8)`: a difference of errors, with the 95 % interval from three seeds on.
func errorsMore(_ points: Summary) -> String {
  let size = points.magnitude
  return "\(fixed(size.mean, 1)) points \(points.mean < 0 ? "fewer" : "more") errors\(size.intervalNote())"
}

extension Summary {
  /// The same with the other sign.
  var negated: Summary { Summary(values.map { -$0 }) }

  /// The ratio of two measurements, seed by seed.
  static func / (first: Summary, second: Summary) -> Summary {
    Summary(zip(first.values, second.values).map { $0 / $1 })
  }
}
