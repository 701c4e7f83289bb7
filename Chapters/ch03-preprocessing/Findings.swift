// What chapter 3 measures.

import Workbook

/// What to make of pixels before a network sees them: six ways, and what each does for a descent.
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
    /// All methods on the digits as they are, and two of them on the digits in black on white.
    var learning: LearningExperiment
    var ink: LearningExperiment
    var signs: SignFindings
    var whitening: WhiteningFindings
    var leaks: LeakFindings
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

  /// The ways that are drawn.
  static let shown = [Method.raw, .meanImage, .channelMean, .channelStandard, .whitened]
  /// How many components hold nine tenths of the variance.
  var needed: Int { Self.needed(shares) }
  static func needed(_ shares: [Double]) -> Int { (shares.firstIndex { $0 >= 0.9 } ?? shares.count - 1) + 1 }
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

  /// The place of the ε with the fewest mistakes.
  var best: Int { epsilons.indices.min { errors[$0].mean < errors[$1].mean } ?? 0 }
}

/// Statistics of the test set, and what they hide.
struct LeakFindings: Codable, Sendable {
  /// The training images, and the images tested on with the numbers in each.
  var few: Int
  var testCount: Int
  var size: Int
  /// [way of `ways`][seed].
  var runs: [[LeakRun]]
  var cameraCount: Int
  /// One for each seed.
  var cameras: [CameraRun]

  static let ways: [(name: String, method: Method, epsilon: Float)] = [
    ("mean image", .meanImage, 0), ("mean and std", .channelStandard, 0), ("whitened, ε 0.0001", .whitened, 0.0001),
    ("whitened, ε 0.01", .whitened, 0.01),
  ]
  /// For each way the points of error that disappear when the test set is looked at.
  var gains: [Summary] { runs.map { Summary($0.map { $0.honest - $0.leaked }) } }
  func camera(_ value: (CameraRun) -> Double) -> Summary { Summary(cameras.map(value)) }
}

extension Preprocessings.Findings {
  /// `Mean over 3 seeds`, `Seed 1`.
  var overSeeds: String { seeds.count > 1 ? "Mean over \(seeds.count) seeds" : "Seed \(seeds[0])" }

  /// How many times fewer steps on the cloud one way takes than another, seed by seed.
  func speedup(from slow: Method, to fast: Method) -> Summary {
    Summary(zip(clouds[slow.rawValue], clouds[fast.rawValue]).map { Double($0.steps) / Double($1.steps) })
  }
  func meanOf(_ method: Method, _ value: (CloudReport) -> Double) -> Double {
    Summary(clouds[method.rawValue].map(value)).mean
  }

  /// The way with the lowest training loss, and the one with the fewest mistakes.
  var bestLoss: Method { lowest { learning.best($0).loss } }
  var bestError: Method { lowest { learning.best($0).error } }
  private func lowest(_ value: (Method) -> Summary) -> Method {
    Method.allCases.min { value($0).mean < value($1).mean } ?? .raw
  }
  /// Those whose error could be as low as the lowest, for all that these seeds can tell.
  var rivals: [Method] {
    Method.allCases.filter { method in
      method != bestError && seeds.count >= 3
        && !isClear(learning.best(method).error - learning.best(bestError).error, beyond: 0)
    }
  }
  /// Whether the mean image makes more mistakes than raw pixels.
  var centringHurts: Bool { isWorse(learning.best(.meanImage).error, than: learning.best(.raw).error) }
}

/// Whether one error is larger than another by more than chance, and by half a point at least.
func isWorse(_ error: Summary, than other: Summary) -> Bool { isClear(error - other) && error.mean > other.mean }
