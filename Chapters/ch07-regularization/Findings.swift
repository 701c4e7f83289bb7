// What chapter 7 measures.

import Workbook

/// Restraints against overfitting, one by one: what each does to the weights, and whether it helps on data never seen.
enum Regularization: ChapterProgram {
  static let number = 7
  /// What is done to a net with inputs of noise, in this order.
  static let penalties: [Penalty] = [.none, .l2(0.01), .l1(0.01), .softThreshold(0.01)]

  struct Findings: Codable, Sendable {
    /// What the networks were trained on.
    var data: String
    /// The digits to learn from, and those to choose by.
    var trainingCount: Int
    var validationCount: Int
    var seeds: [UInt64]
    /// Two moons under L2 and L1 of many strengths.
    var sweep: PenaltySweep
    /// Two moons with inputs of noise, under each of `penalties`.
    var selection: InputSelection
    var stopping: StoppingExperiment
    var pictures: PictureFindings
    var board: Scoreboard
    var explosion: ExplosionFindings
  }

  static func data(_ findings: Findings) -> String { findings.data }
}

/// A few digits, to be changed before the reader's eyes, and what was fitted to all of them.
struct PictureFindings: Codable, Sendable {
  /// The classes shown, and the first digit of each: pixels 0 … 255, digit after digit.
  var labels: [UInt8]
  var pixels: [UInt8]
  /// What AlexNet's jitter adds to each of them.
  var brightness: [Float]
  /// The share of black pixels.
  var black: Double
  /// A coloured digit as planes of red, green and blue, and what the jitter adds to each plane:
  /// [published strength, ten times that][draw].
  var colored: [UInt8]
  var colorChanges: [[[Float]]]
  /// The largest eigenvalue of the colours' covariance, and the σ of the published jitter.
  var eigenvalue: Double
  var jitter: Double

  /// The digits as a data set.
  var digits: Dataset {
    Dataset(name: "", pixels: pixels, labels: labels, imageShape: [1, 28, 28], classCount: 10)
  }
  /// The coloured one.
  var coloredDigit: Tensor {
    Dataset(name: "", pixels: colored, labels: [3], imageShape: [3, 28, 28], classCount: 10).picture(0)
  }
  /// The digit that is pooled: a 3, where there is one.
  var pooled: Tensor { digits.picture(labels.firstIndex(of: 3) ?? 0) }
  /// By how much the published jitter changes a colour, 0 … 1.
  var visible: Double { jitter * eigenvalue }
}

/// Gradients that explode.
struct ExplosionFindings: Codable, Sendable {
  /// The standard deviations of the weights times √width at which ``growth`` was measured.
  static let gains: [Float] = [0.5, 1, 2, 4, 8, 16, 32, 64]

  /// Deep nets with weights too large, [each of `Clipping.allCases`][seed], and the same net from He's start.
  var outcomes: [[DeepNet.Outcome]]
  var good: [DeepNet.Outcome]
  /// The cosine between the gradient and what each kind of clipping leaves of it.
  var angles: [Summary]
  /// [sigmoid, tanh, ReLU][gain]: the factor on the gradient per layer.
  var growth: [[Summary]]

  /// How many nets were lost with each kind of clipping.
  var lost: [Int] { outcomes.map { $0.count(where: \.hasDiverged) } }
  /// Test errors in per cent at the end, the last after He's start.
  var ends: [Summary] { (outcomes + [good]).map { runs in Summary(runs.map { 100 * $0.testError }) } }
  /// The share of steps in which the norm is above its limit, where it is clipped.
  var clippedShare: Double {
    let runs = outcomes[Clipping.norm.rawValue]
    return Double(runs.reduce(0) { $0 + $1.largeSteps }) / Double(max(1, runs.reduce(0) { $0 + $1.steps }))
  }
  /// The first of the gains at which a gradient grows on its way back, seed by seed; behind the last where at none.
  func firstGrowing(_ activation: Int) -> Summary {
    let factors = growth[activation]
    return Summary(
      (factors.first?.values ?? []).indices.map { seed in
        Double(factors.firstIndex { $0.values[seed] > 1 } ?? factors.count)
      })
  }
}

extension Regularization.Findings {
  /// The mean test error of the last and the best epoch: early with wrong labels, last; the same with right ones.
  var stops: (noisyEarly: Summary, noisyLast: Summary, cleanEarly: Summary, cleanLast: Summary) {
    (
      StoppingExperiment.stoppedError(stopping.noisy), StoppingExperiment.lastError(stopping.noisy),
      StoppingExperiment.stoppedError(stopping.clean), StoppingExperiment.lastError(stopping.clean)
    )
  }
  /// The share of weights that are exactly 0, for each of the penalties.
  var zeros: [Summary] { selection.runs.map { runs in Summary(runs.map(\.zeros)) } }
  /// The share within 0.01 of 0 with L1.
  var nearZero: Summary { Summary(selection.runs[2].map(\.nearZero)) }
}
