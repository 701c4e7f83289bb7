// The formula by hand, forward and backward, and what small batches say about a mean and a variance.

import Foundation
import Workbook

// snippet: byHand
/// Normalizes what one unit says about a batch: the formula, term by term.
func normalizedByHand(
  _ z: [Double], gamma: Double, beta: Double, epsilon: Double = 1e-5
) -> [Double] {
  let count = Double(z.count)
  let mean = z.reduce(0, +) / count
  let variance = z.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / count
  return z.map { gamma * ($0 - mean) / (variance + epsilon).squareRoot() + beta }
}
// snippet.end

/// The gradient of one unit's sums, by the formula of the way back with ε = 0, and the two means that it takes away.
func gradientByHand(
  _ z: [Double], upstream g: [Double], gamma: Double
) -> (gradient: [Double], mean: Double, product: Double) {
  let normal = normalizedByHand(z, gamma: 1, beta: 0, epsilon: 0)
  let mean = Summary(g).mean
  let product = Summary(zip(g, normal).map { $0 * $1 }).mean
  let center = Summary(z).mean
  let deviation = Summary(z.map { ($0 - center) * ($0 - center) }).mean.squareRoot()
  return (zip(g, normal).map { gamma / deviation * ($0 - mean - $1 * product) }, mean, product)
}

/// The largest difference between the formula by hand and the core's layer, for one batch.
func differenceFromCore(samples: Int = 16, channels: Int = 8, seed: UInt64) -> Double {
  var generator = SeededGenerator(seed: seed, stream: 57)
  var (layer, x) = (BatchNorm(channels), Tensor(zeros: [samples, channels]))
  x.fillNormal(standardDeviation: 3, using: &generator)
  layer.weight.value.fillNormal(standardDeviation: 1, using: &generator)
  layer.bias.value.fillNormal(standardDeviation: 1, using: &generator)
  let y = layer.forward(x, mode: .training)
  var largest = 0.0
  for c in 0..<channels {
    let column = (0..<samples).map { Double(x.elements[$0 * channels + c]) }
    let wanted = normalizedByHand(
      column, gamma: Double(layer.weight.value.elements[c]), beta: Double(layer.bias.value.elements[c]))
    for (n, value) in wanted.enumerated() {
      largest = max(largest, abs(value - Double(y.elements[n * channels + c])))
    }
  }
  return largest
}

/// What the statistics of small batches say about a distribution of mean 3 and variance 4.
struct BatchMoments: Codable, Sendable {
  var batchSize: Int
  /// How many batches there were, one for each channel of the layer.
  var count: Int
  /// The mean of the biased variances, which the layer divides by.
  var biasedVariance: Double
  /// What the layer's running variance has become after all these batches, as an average over its channels.
  var runningVariance: Double

  static let truth = (mean: 3.0, variance: 4.0)

  /// Feeds `batches` batches to a layer whose running statistics are plain averages of all batches so far.
  init(batchSize: Int, batches: Int, channels: Int = 8, seed: UInt64) {
    self.batchSize = batchSize
    var variances: [Double] = []
    var generator = SeededGenerator(seed: seed, stream: 54)
    var (layer, batch) = (BatchNorm(channels), Tensor(zeros: [batchSize, channels]))
    for k in 1...batches {
      batch.fillNormal(standardDeviation: Float(Self.truth.variance.squareRoot()), using: &generator)
      batch = batch.map { $0 + Float(Self.truth.mean) }
      // 1/k as the weight of the k-th batch makes the running value the mean of all so far.
      layer.momentum = 1 / Float(k)
      _ = layer.forward(batch, mode: .training)
      variances += columnMoments(batch).map { $0.deviation * $0.deviation }
    }
    count = variances.count
    biasedVariance = Summary(variances).mean
    runningVariance = Summary(layer.runningVariance.elements.map(Double.init)).mean
  }
}
