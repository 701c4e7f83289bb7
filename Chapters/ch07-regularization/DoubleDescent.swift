// Double descent: linear regression on random features, from far fewer of them than digits to far more.

import Foundation
import Workbook

/// Test errors of a linear map behind a layer of random ReLU features, for many widths.
///
/// - Source: Belkin, Hsu, Ma and Mandal 2019, arXiv:1812.11118; the ridge: Nakkiran et al. 2020, arXiv:2003.01897.
struct DoubleDescent: Codable, Sendable {
  /// One fit: errors 0 … 1, and the norm of the weights.
  struct Fit: Codable, Sendable {
    var trainingError: Double
    var testError: Double
    var norm: Double
    /// λ as one of `strengths`, where it was kept.
    var strength: Double?
  }

  /// How many digits are learned from.
  var samples: Int
  /// The widths.
  var features: [Int]
  /// [width][seed]: the least squares solution with the smallest weights.
  var bare: [[Fit]]
  /// The same with L2 of the strength that is best on validation digits at that width.
  var ridge: [[Fit]]

  /// Takes fits that are done.
  init(samples: Int, features: [Int], bare: [[Fit]], ridge: [[Fit]]) {
    (self.samples, self.features, self.bare, self.ridge) = (samples, features, bare, ridge)
  }

  /// The strengths tried, as shares of the mean square of a feature vector; the first stands for none.
  static let strengths = [1e-6, 1e-4, 1e-3, 1e-2, 1e-1, 1, 10]

  init(_ digits: DigitSets, samples: Int, features: [Int], seeds: [UInt64], report: () -> Void = {}) throws {
    (self.samples, self.features) = (samples, features)
    let fits = try inParallel(features.count * seeds.count) { index in
      report()
      return Self.fit(digits, samples, width: features[index / seeds.count], seed: seeds[index % seeds.count])
    }
    let rows = features.indices.map { Array(fits[$0 * seeds.count..<($0 + 1) * seeds.count]) }
    (bare, ridge) = (rows.map { $0.map(\.bare) }, rows.map { $0.map(\.ridge) })
  }

  private static func fit(_ digits: DigitSets, _ samples: Int, width: Int, seed: UInt64) -> (bare: Fit, ridge: Fit) {
    var generator = SeededGenerator(seed: seed, stream: 0xDD)
    var order = Array(digits.train.labels.indices)
    order.shuffle(using: &generator)
    let picked = digits.train.samples(at: Array(order.prefix(samples)))
    var projection = Tensor(zeros: [784, width])
    projection.fillNormal(standardDeviation: 1 / Float(28 * width).squareRoot(), using: &generator)
    func features(_ set: Dataset) -> Tensor {
      let images = set.batch(first: set.count).inputs
      return Kernels.matrixMultiply(images.reshaped(to: [set.count, 784]), projection).map { max(0, $0) }  // [N, width]
    }
    let sets = [picked, digits.validation, digits.test]
    let inputs = sets.map(features)
    let solver = RidgeSolver(inputs[0], labels: picked.labels)
    let tried = strengths.map { strength -> (validation: Double, fit: Fit) in
      let weights = solver.weights(strength: strength)
      let errors = zip(inputs, sets).map { error(Kernels.matrixMultiply($0, weights), $1.labels) }
      let norm = weights.elements.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
      return (
        errors[1],
        Fit(
          trainingError: rounded(errors[0], digits: 4), testError: rounded(errors[2], digits: 4),
          norm: rounded(norm, digits: 4), strength: strength)
      )
    }
    return (tried[0].fit, tried.dropFirst().min { $0.validation < $1.validation }?.fit ?? tried[0].fit)
  }

  /// The share of rows whose largest score is another class's.
  private static func error(_ scores: Tensor, _ labels: [UInt8]) -> Double {
    let all = scores.elements
    let wrong = labels.indices.count { row in
      let scores = all[10 * row..<10 * row + 10]
      return (scores.indices.max { all[$0] < all[$1] } ?? 0) - 10 * row != Int(labels[row])
    }
    return Double(wrong) / Double(max(1, labels.count))
  }

  /// How many of the fits have the largest strength tried for their best, and of how many; nil where it was not kept.
  var atTheEnd: (count: Int, of: Int)? {
    let best = ridge.joined().compactMap(\.strength)
    return best.isEmpty ? nil : (best.count { $0 == Self.strengths.last }, best.count)
  }

  /// The test error in per cent at each width.
  func testErrors(_ fits: [[Fit]]) -> [Summary] { fits.map { Summary($0.map { 100 * $0.testError }) } }

  /// The width whose least squares solution has the largest mean test error among those with at least half as many
  /// features as digits.
  var peak: Int {
    let errors = testErrors(bare)
    return features.indices.filter { 2 * features[$0] >= samples }.max { errors[$0].mean < errors[$1].mean } ?? 0
  }
  /// Whether the weights are largest at the peak of the error.
  var hasLargestWeightsAtPeak: Bool {
    let norms = bare.map { Summary($0.map(\.norm)).mean }
    return norms.max() == norms[peak]
  }
  /// The best width with fewer features than digits.
  var bestNarrow: Int {
    let errors = testErrors(bare)
    return features.indices.filter { features[$0] < samples }.min { errors[$0].mean < errors[$1].mean } ?? 0
  }
}

/// Linear regression of one-hot labels on features Φ [n, p], with a penalty λ/2·‖W‖².
struct RidgeSolver {
  let features: Tensor
  let labels: [UInt8]
  /// ΦᵀΦ [p, p] where there are fewer features than digits, else ΦΦᵀ [n, n].
  let gram: Tensor
  let isNarrow: Bool

  init(_ features: Tensor, labels: [UInt8]) {
    (self.features, self.labels) = (features, labels)
    isNarrow = features.shape[1] < features.shape[0]
    gram =
      isNarrow
      ? Kernels.matrixMultiply(features.transposed, features)
      : Kernels.matrixMultiply(features, features.transposed)
  }

  /// W = (ΦᵀΦ + λ)⁻¹ΦᵀY = Φᵀ(ΦΦᵀ + λ)⁻¹Y [p, 10]: as λ → 0, of all W with the
  /// smallest error the one with the smallest norm.
  func weights(strength: Double) -> Tensor {
    let size = gram.shape[0]
    var matrix = gram.elements.map(Double.init)
    let trace = (0..<size).reduce(0.0) { $0 + matrix[$1 * size + $1] }
    let lambda = strength * trace / Double(features.shape[0])
    for i in 0..<size { matrix[i * size + i] += lambda }
    let right =
      isNarrow ? Kernels.matrixMultiply(features.transposed, targets) : targets
    let solution = Kernels.solve(&matrix, right.elements.map(Double.init), columns: 10)
    let found = Tensor([size, 10], solution.map { Float($0) })
    return isNarrow ? found : Kernels.matrixMultiply(features.transposed, found)
  }
}

extension RidgeSolver {
  /// A 1 for the class of each digit, [n, 10].
  var targets: Tensor {
    Tensor([labels.count, 10], labels.flatMap { label in (0..<10).map { $0 == label ? 1 : 0 } })
  }
}
