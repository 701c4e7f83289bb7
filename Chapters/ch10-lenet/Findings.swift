// What chapter 10 measures.

import Foundation
import Workbook

/// LeNet-5, then and now: trained in four forms, or with `--mine` by the reader's own layers.
enum LeNet: ChapterProgram {
  typealias Options = LeNetOptions
  static let number = 10

  enum Findings: Codable, Sendable {
    case variants(VariantFindings)
    case mine(LearnersRunFindings)
  }

  static func data(_ findings: Findings) -> String {
    switch findings {
    case .variants(let found): found.data
    case .mine(let found): found.data
    }
  }

  static func settings(_ options: LeNetOptions) -> [String: String] {
    options.shared.mine
      ? ["mine": "true", "epochs": "\(options.mineEpochs)"]
      : ["epochs": "\(options.sessionEpochs)", "batch": "\(options.batch)", "learning rate": "\(options.rate)"]
  }
}

/// The networks, how they learned, and what can be seen inside.
struct VariantFindings: Codable, Sendable {
  /// What they were trained on.
  var data: String
  var trainingCount: Int
  var testCount: Int
  var epochs: Int
  var seeds: [UInt64]
  var batch: Int
  var rate: Float
  /// False where weights were only measured.
  var isTrained: Bool
  /// LeNet-5, layer by layer, and as a whole.
  var layers: [LayerCount]
  var total: LayerCount
  /// In the order in which they were trained.
  var results: [VariantResults]
  /// What lies between LeNet-5 and LeNet-5+, one part at a time; nil where one network was trained alone.
  var ablation: Ablation?
  /// S0's table once more, each network at a rate of its own; nil in short runs.
  var ownRates: OwnRates?
  /// What each part is worth, each network at a rate of its own; nil in short runs and older records.
  var worth: Worth?
  /// How long the gradients are in LeNet-5's first epoch; nil in short runs and older records.
  var firstSteps: FirstSteps?
  /// How far the first steps move the weights; nil in short runs and older records.
  var updates: FirstUpdates?
  /// The rates that the networks bear; nil in short runs and older records.
  var usualRates: RateSweep?
  /// How long the weights become at small and large rates; nil in short runs and older records.
  var lengths: WeightLengths?
  /// The same without batch normalization.
  var plainLengths: WeightLengths?
  /// What the net of the first listing gets wrong and looks for; nil in short runs and older records.
  var look: BestRun?
  /// The same of S0's best network.
  var best: BestRun
  /// What it says of the reader's picture, where there is one.
  var reading: Reading?

  struct LayerCount: Codable, Sendable {
    var name: String
    var kind: String
    var output: [Int]
    var parameters: Int
    var multiplyAdds: Int
  }

  /// The variants, the one with the fewest mistakes first.
  var ranking: [VariantResults] { results.sorted { $0.finalError.mean < $1.finalError.mean } }
  func named(_ name: String) -> VariantResults? { results.first { $0.name == name } }

  /// Whether it has the size of S0's table.
  var hasPublishedSize: Bool { epochs >= 30 && trainingCount >= 60_000 }
}

/// All runs of one variant.
struct VariantResults: Codable, Sendable {
  var name: String
  /// For file names.
  var stem: String
  var color: Int
  /// `tanh`, `relu`, `sigmoid`.
  var activation: String
  /// Whether its sigmoids have the published derivative, which is wrong.
  var hasPublishedSlope: Bool
  /// Whether it has a softmax instead of ten sigmoids.
  var hasSoftmax: Bool
  var runs: [RunFindings]

  /// Test error in percent after each epoch.
  var errors: [Summary] {
    (0..<(runs.map(\.errors.count).min() ?? 0)).map { epoch in Summary(runs.map { $0.errors[epoch] }) }
  }
  /// Test error in percent at the end.
  var finalError: Summary { Summary(runs.map(\.finalError)) }
  /// Training error in percent in the last epoch.
  var trainingError: Summary { Summary(runs.map(\.trainingError)) }

  /// S0's table 1: mean and standard deviation of five runs.
  var published: (mean: Double, deviation: Double)? {
    switch name {
    case "LeNet-5, published σ′": (1.06, 0.04)
    case "LeNet-5+": (0.96, 0.06)
    case "LeNet-5++": (0.78, 0.06)
    default: nil
    }
  }

  /// By how many standard errors of the difference it is above what S0 published.
  var distanceFromPublished: Double? {
    published.map { published in
      let spread = (pow(finalError.standardError, 2) + pow(published.deviation, 2) / 5).squareRoot()
      return (finalError.mean - published.mean) / spread
    }
  }
}

/// One run of one variant, without its weights.
struct RunFindings: Codable, Sendable {
  var seed: UInt64
  /// Test errors in percent, one for each epoch.
  var errors: [Double]
  /// The test error in percent at the end.
  var finalError: Double
  /// The training error in percent in the last epoch.
  var trainingError: Double
  var fastestEpoch: Double
  /// How the gradient was shared; nil where nothing was watched.
  var story: GradientStory?
}

extension VariantResults {
  /// Takes from the runs of a variant what is kept.
  init(_ variant: Variant, _ runs: [TrainedRun]) {
    (name, stem, color) = (variant.name, variant.stem, variant.color)
    activation = variant.net.activation.rawValue
    hasPublishedSlope = variant.net.output == .sigmoid(.published)
    hasSoftmax = variant.net.output == .logits
    self.runs = runs.map(RunFindings.init)
  }
}

extension RunFindings {
  init(_ run: TrainedRun) {
    (seed, errors) = (run.seed, run.errors)
    finalError = 100 * run.evaluation.error
    trainingError = 100 * (run.history.last?.trainingError ?? .nan)
    fastestEpoch = run.history.map(\.seconds).min() ?? .nan
    story = GradientStory(run)
  }
}

/// What the best network gets wrong, and what it looks for: its first seed.
struct BestRun: Codable, Sendable {
  var seed: UInt64
  /// How often each digit (row) was taken for each digit (column).
  var confusion: [[Int]]
  /// The most confident mistakes.
  var mistakes: [Mistake]
  /// The kernels of conv1.
  var kernels: [Kernel]
  /// The first test image of a digit, and what act1 makes of it, a map for each filter.
  static let shownDigit = 7
  var maps: [GreyPicture]
  /// How little makes it see another digit; nil where that was not looked at.
  var change: SmallChange?

  struct Mistake: Codable, Sendable {
    var truth: Int
    var answer: Int
    var bitmap: GreyPicture
  }

  struct Kernel: Codable, Sendable {
    var width: Int
    var height: Int
    var weights: [Float]

    /// Which edge of a stroke it answers to, if its rows or its columns differ most: the share of the weights' variance that
    /// lies between them, and on which side of the most negative one the most positive one stands.
    var edge: (name: String, between: String, share: Double) {
      let mean = weights.reduce(0) { $0 + Double($1) } / Double(weights.count)
      let total = weights.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
      func lines(_ count: Int, _ line: (Int) -> Int) -> (share: Double, isFirst: Bool) {
        var sums = [Double](repeating: 0, count: count)
        for (place, weight) in weights.enumerated() { sums[line(place)] += Double(weight) - mean }
        let between = sums.reduce(0) { $0 + $1 * $1 } / Double(weights.count / count)
        let (most, least) = (sums.max() ?? 0, sums.min() ?? 0)
        return (total > 0 ? between / total : 0, (sums.firstIndex(of: most) ?? 0) < (sums.firstIndex(of: least) ?? 0))
      }
      let (rows, columns) = (lines(height) { $0 / width }, lines(width) { $0 % width })
      return rows.share > columns.share
        ? (rows.isFirst ? "the lower edge" : "the upper edge", "rows", rows.share)
        : (columns.isFirst ? "the right edge" : "the left edge", "columns", columns.share)
    }
  }

  /// The images that were read rightly.
  var rightCount: Int { confusion.indices.reduce(0) { $0 + confusion[$1][$1] } }
}

/// What a network says of a picture in a file.
struct Reading: Codable, Sendable {
  var digit: Int
  /// For the ten digits: probabilities, or the outputs themselves where each has a sigmoid.
  var outputs: [Double]
  /// The picture as the network saw it.
  var bitmap: GreyPicture
}
