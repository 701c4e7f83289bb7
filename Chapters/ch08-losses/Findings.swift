// What chapter 8 measures.

import Workbook

/// What counts as wrong: losses, and the push that they send back.
enum Losses: ChapterProgram {
  static let number = 8

  struct Findings: Codable, Sendable {
    /// What the networks were trained on.
    var data: String
    /// The digits to learn from, and those to choose learning rates by.
    var trainingCount: Int
    var validationCount: Int
    var seeds: Int
    var neuron: NeuronFindings
    var softmax: SoftmaxFindings
    var nets: NetFindings
    /// A line through points with outliers; nil in older records.
    var outliers: OutlierFindings? = nil
  }

  static func data(_ findings: Findings) -> String { findings.data }
}

/// One neuron, x = 1, under three rules.
struct NeuronFindings: Codable, Sendable {
  /// Where weight and bias begin: from those below 0 the target is 1, from the others 0.
  static let starts = [0.25, 0.5, 1, 1.5, 2, 2.5, 3]
  /// After so many steps nobody waits any longer.
  static let limit = 5000

  /// How many steps a neuron needs from one start.
  struct Race: Codable, Sendable {
    var start: Double
    /// For each `Rule`, the steps until the answer is within 0.2 of the target; nil where that takes more than the limit.
    var steps: [Int?]
  }

  /// The learning rate.
  var rate: Double
  /// What the neuron says from w = b = 2 with squared error and target 0, before the first of 300 steps and after each.
  var stubborn: [Double]
  /// Where the push of squared error is largest, for target 0.
  var peak: Peak
  var races: [Race]
  /// The largest relative difference from central differences: of squared error, of the wrong derivative against
  /// squared error, and of the wrong derivative against the loss that it descends.
  var squaredCheck: Double
  var publishedCheck: Double
  var hiddenCheck: Double

  /// The steps of a rule from a start; nil where they are more than the limit.
  func steps(_ rule: Rule, from start: Double) -> Int? { races.first { $0.start == start }?.steps[rule.color] }
}

/// The softmax in floats.
struct SoftmaxFindings: Codable, Sendable {
  /// How far p − y is from central differences, relatively, for each seed.
  var gradientErrors: Summary
  var range: ExponentRange
  /// 1, 2, 3 moved by each of several shifts.
  var shifted: [ShiftedScores]
}

/// Networks of digits with four ways to end them.
struct NetFindings: Codable, Sendable {
  /// The weights and biases of one.
  var weights: Int
  var epochs: Int
  /// The learning rate that all had in the first race.
  var common: Float
  /// Each of `Ending.allCases` at the common rate, and at the best of its own.
  var same: [NetRuns]
  var sweep: RateSweep
  var own: [NetRuns]
  /// Softmax with cross-entropy, after one epoch.
  var young: NetRuns
  /// How sure the softmax is, and how right.
  var calibration: Calibration
  /// The multiply-adds of LeNet-5 for one image.
  var multiplyAdds: Int
  /// The fewest steps of each ending, whatever the rate, where there is no race at rates of their own.
  var sprints: Sprints? = nil
  /// The race at rates that are close together; of full runs alone.
  var race: TunedRace? = nil
  /// A class that is rare among the digits to learn from; of full runs alone.
  var rare: RareClass? = nil

  /// The error whose steps are counted at the common rate: a round one that squared error gets to, if it can.
  var level: Double {
    let levels = [0.25, 0.3, 0.4, 0.5, 0.6]
    return levels.first { same[0].reaches($0) } ?? 0.7
  }
}
