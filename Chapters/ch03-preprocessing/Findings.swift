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
    var leaks: LeakFindings
    /// Not in older records.
    var controls: ControlFindings? = nil
    /// Black on white in the convolutional net; not in older records.
    var paper: PaperNet? = nil
    /// In full runs alone.
    var otherNets: PaperFindings? = nil
    /// White paper in the dense net after `longEpochs`; added to the record.
    var longPaper: PaperNet? = nil
    /// In full runs alone, or added to the record.
    var spectrum: SpectrumFindings? = nil
    /// What dividing changes in the dense net, in two parts; added to the record.
    var division: DivisionControl? = nil
    /// Colour photographs; added to the record.
    var photographs: PhotographFindings? = nil
    /// Three preparations with three kinds of descent, in one table for each net; added to the record.
    var rule: [RuleTable]? = nil
    /// Raw and centred images with batch norm at one rate, in one entry for each net; added to the record.
    var norms: [NormControl]? = nil
    /// Raw digits as pixels from −1 to 1, in the dense net; added to the record.
    var halves: RuleTable.Row? = nil
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
  /// The standard deviation after that division.
  var standardizedDeviation: Double
  /// [way of `shown`][digit].
  var pictures: [[KeptPicture]]
  /// The correlation of pixels side by side in these digits, raw and whitened.
  var neighbours: [Double]
  /// The mean image and eleven components.
  var components: [KeptPicture]
  /// The share of the variance in the first k components, k = 1 … all.
  var shares: [Double]
  /// The largest variance, over that of the last component needed for nine tenths of the variance.
  var curvature: Double
  /// The standard deviation of the pixel that varies most.
  var largestDeviation: Double?

  /// The ways that are drawn.
  static let shown = [Method.raw, .meanImage, .channelMean, .channelStandard, .whitened, .pixelStandard]
  /// How many components hold nine tenths of the variance.
  var needed: Int { Self.needed(shares) }
  static func needed(_ shares: [Double]) -> Int { (shares.firstIndex { $0 >= 0.9 } ?? shares.count - 1) + 1 }

  /// The sum of the variances of all pixels; nil where the mean image was not kept whole.
  var variance: Double? {
    let kept = components.first?.picture().pixels.map { Double($0) } ?? []
    let sum = kept.reduce(0, +)
    guard kept.count == size, sum > 0 else { return nil }
    // All pixels about their one mean: the variances of each about its own, and what those means differ by.
    let means = kept.map { $0 * pixelMean * Double(size) / sum - pixelMean }
    return Double(size) * pixelDeviation * pixelDeviation - means.reduce(0) { $0 + $1 * $1 }
  }

  /// The eigenvalue of Σ that is largest, and μᵀμ, which the mean adds: of raw pixels, with the channel mean subtracted,
  /// and black on white. From the mean image that was kept; nil where it was not kept whole.
  var curvatures: (largest: Double, raw: Double, channel: Double, white: Double)? {
    let kept = components.first?.picture().pixels.map { Double($0) } ?? []
    let sum = kept.reduce(0, +)
    guard kept.count == size, sum > 0, let share = shares.first else { return nil }
    let mean = kept.map { $0 * pixelMean * Double(size) / sum }
    func square(without shift: Double) -> Double { mean.reduce(0) { $0 + ($1 - shift) * ($1 - shift) } }
    guard let variance else { return nil }
    return (share * variance, square(without: 0), square(without: pixelMean), square(without: 1))
  }
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
  /// The test error at the best rate of each, in per cent.
  var errors: [Summary]
  /// [ε][digit], turned back to pixels.
  var pictures: [[KeptPicture]]
  /// How far those correlate with the digits whose mean image was subtracted.
  var kept: [Double]
  /// The rate of each, from rates that grow with ε; nil in older records.
  var rates: [Sweep]? = nil

  /// An ε at its own rate.
  struct Sweep: Codable, Sendable {
    var rate: Double
    /// Whether it is an end of the rates tried.
    var isAtEnd: Bool
    /// The test error in per cent.
    var error: Summary
  }

  /// The test error of each ε at a rate of its own.
  var tuned: [Summary] { rates.map { $0.map(\.error) } ?? errors }
  /// The place of the ε with the fewest mistakes.
  var best: Int { epsilons.indices.min { tuned[$0].mean < tuned[$1].mean } ?? 0 }

  /// The rates tried for an ε. A large one divides all inputs, which moves the good rates up.
  static func rates(for epsilon: Double) -> [Float] { epsilon < 0.3 ? [0.03, 0.1, 0.3, 1] : [0.1, 0.3, 1, 3] }
}

/// Statistics of the test set, and what they hide.
struct LeakFindings: Codable, Sendable {
  /// The training images, and the images tested on with the numbers in each.
  var few: Int
  var testCount: Int
  var size: Int
  /// [way of `ways`][seed].
  var runs: [[LeakRun]]
  /// One for each seed, labels that are coins.
  var choices: [ChoiceRun]
  var choice: Choice
  var cameraCount: Int
  /// One for each seed.
  var cameras: [CameraRun]
  /// The rates of which each run of `runs` has the best; nil where there was one.
  var rates: [Float]?

  static let grid: [Float] = [0.05, 0.25, 1, 4, 16]

  /// The samples of each set, and the features, of which some are chosen.
  struct Choice: Codable, Sendable {
    var count: Int
    var features: Int
    var chosen: Int
  }

  static let ways: [(name: String, method: Method, epsilon: Float)] = [
    ("mean image", .meanImage, 0), ("whitened, ε 0.0001", .whitened, 0.0001), ("whitened, ε 0.01", .whitened, 0.01),
  ]
  /// For the way at a place: one of its errors, over the seeds.
  func errors(_ way: Int, _ value: (LeakRun) -> Double) -> Summary { Summary(runs[way].map(value)) }
  /// The points of error that the test images save over as many others: the leak.
  func leaked(_ way: Int) -> Summary { errors(way, \.withOthers) - errors(way, \.withTest) }
  /// The points of error that more images save, none of them the test images.
  func earned(_ way: Int) -> Summary { errors(way, \.alone) - errors(way, \.withOthers) }
  /// The points of error that choosing features with the test set hides.
  var hidden: Summary { choice(\.unseen) - choice(\.leaked) }
  func choice(_ value: (ChoiceRun) -> Double) -> Summary { Summary(choices.map(value)) }
  func camera(_ value: (CameraRun) -> Double) -> Summary { Summary(cameras.map(value)) }
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
  /// Whether whitened images, though they end lowest, begin slower than the mean image: while all images are new.
  var whitenedStartsSlower: Bool {
    learning.firstEpoch(.whitened, of: epochs) > learning.firstEpoch(.meanImage, of: epochs)
  }
  /// The error of the convolutional net on PCA's coordinates: scattered over its picture, where that was measured, since
  /// sorted into rows they crowd at its top.
  var turned: Summary { (controls?.scattered ?? convolution).best(.principal).error }
  /// By how many points it errs more on them than on raw pixels.
  var turningCost: Summary { turned - convolution.best(.raw).error }
  /// By how many points a way errs more than raw pixels, in one of the nets.
  func overRaw(_ method: Method, _ experiment: LearningExperiment) -> Summary {
    experiment.best(method).error - experiment.best(.raw).error
  }
  /// By how many points a way errs more than the mean image.
  func worse(_ method: Method, _ experiment: LearningExperiment) -> Summary {
    experiment.best(method).error - experiment.best(.meanImage).error
  }
  /// What dividing by the channel's deviation changes in points of error over the channel mean alone, each at its best
  /// rate: in the nets on digits, and on photographs.
  func divisions(_ photographs: PhotographFindings?) -> [Summary] {
    [learning, convolution].filter { $0.methods.contains(.channelMean) }
      .map { $0.best(.channelStandard).error - $0.best(.channelMean).error }
      + [false, true].compactMap { photographs?.points(.channelStandard, than: .channelMean, normalized: $0) }
      + [photographs?.ending?.points(.channelStandard, than: .channelMean)].compactMap { $0 }
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
  /// The ratio of two measurements, seed by seed.
  static func / (first: Summary, second: Summary) -> Summary {
    Summary(zip(first.values, second.values).map { $0 / $1 })
  }
}
