// What batch normalization does, as identities that hold to rounding: bias, restoration, scale.

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

/// A dense layer with batch normalization after it, fed with one batch: the smallest thing that shows everything.
struct NormalizedDense: Sendable {
  var dense: Dense
  var norm: BatchNorm
  var input: Tensor
  /// Arbitrary weights r of the outputs: the loss is Σ r·y, so that ∂L/∂y = r.
  var weighting: Tensor

  /// Draws weights of variance 1/fan-in and a standard normal batch.
  init(inputs: Int = 64, outputs: Int = 32, samples: Int = 48, epsilon: Float = 1e-5, seed: UInt64) {
    var generator = SeededGenerator(seed: seed, stream: 52)
    dense = Dense(inputs, outputs, initializer: .lecunNormal)
    dense.initialize(using: &generator)
    norm = BatchNorm(outputs, epsilon: epsilon)
    input = Tensor(zeros: [samples, inputs])
    input.fillNormal(standardDeviation: 1, using: &generator)
    weighting = Tensor(zeros: [samples, outputs])
    weighting.fillNormal(standardDeviation: 1, using: &generator)
  }

  /// Multiplies the weights by `factor`; returns what is fed to the norm, what
  /// comes out, and the gradient of a loss Σ r·y with respect to the weights.
  func scaled(by factor: Float) -> (sums: Tensor, output: Tensor, gradient: Tensor) {
    var (dense, norm) = (dense, norm)
    dense.weight.value = dense.weight.value.multiplied(by: factor)
    let sums = dense.forward(input)
    let output = norm.forward(sums, mode: .training)
    let back = norm.backward(weighting, input: sums, output: output)
    _ = dense.backward(back, input: input, output: sums)
    return (sums, output, dense.weight.gradient)
  }

  /// What is left of the gradient of a unit's sums along the two directions that the layer cancels.
  func cancelledGradients() -> CancelledGradients {
    var (dense, norm) = (dense, norm)
    let sums = dense.forward(input)
    let output = norm.forward(sums, mode: .training)
    let back = norm.backward(weighting, input: sums, output: output)
    // γ is 1 and β is 0, so the output is ẑ itself.
    var result = CancelledGradients()
    for unit in 0..<dense.outputs {
      var (sum, product) = (0.0, 0.0)
      for n in 0..<input.shape[0] {
        let place = n * dense.outputs + unit
        sum += Double(back.elements[place])
        product += Double(back.elements[place]) * Double(output.elements[place])
        result.largest = max(result.largest, abs(Double(back.elements[place])))
      }
      result.sum = max(result.sum, abs(sum))
      result.product = max(result.product, abs(product))
    }
    return result
  }

  /// The largest change of an output when every unit gets a bias of its own, up to ±10.
  func changeByBias(seed: UInt64) -> Double {
    var generator = SeededGenerator(seed: seed, stream: 53)
    var (dense, norm) = (dense, norm)
    let before = norm.forward(dense.forward(input), mode: .training)
    dense.bias?.value = Tensor(vector: (0..<dense.outputs).map { _ in generator.nextUniform(in: -10...10) })
    let after = norm.forward(dense.forward(input), mode: .training)
    return largestDifference(before, after)
  }

  /// The largest difference between the layer's input and its output when γ = √(σ² + ε) and β = μ.
  func restorationError() -> Double {
    var (dense, norm) = (dense, norm)
    let sums = dense.forward(input)
    // Momentum 1: the running statistics are those of this batch, the variance in its unbiased form.
    norm.momentum = 1
    _ = norm.forward(sums, mode: .training)
    let samples = Float(input.shape[0])
    norm.bias.value = norm.runningMean
    norm.weight.value = Tensor(
      vector: norm.runningVariance.elements.map { ($0 * (samples - 1) / samples + norm.epsilon).squareRoot() })
    return largestDifference(sums, norm.forward(sums, mode: .training))
  }
}

/// What is left of gradients that batch norm cancels.
struct CancelledGradients: Codable, Sendable {
  /// The largest |Σ ∂L/∂z| of any unit.
  var sum = 0.0
  /// The largest |Σ ∂L/∂z·ẑ| of any unit.
  var product = 0.0
  /// The largest single |∂L/∂z|.
  var largest = 0.0
}

/// What a factor in front of all weights changes.
struct ScaleEffect: Codable, Sendable {
  var factor: Double
  /// The largest change of an output, with ε = 0 and with the usual ε.
  var exactChange: Double
  var usualChange: Double
  /// ‖∂L/∂(aW)‖ / ‖∂L/∂W‖.
  var gradientRatio: Double
  /// ‖a·∂L/∂(aW) − ∂L/∂W‖ / ‖∂L/∂W‖, with ε = 0.
  var gradientError: Double
}

/// Measures BN((aW)u) against BN(Wu), and the gradients of both, for each factor a.
func scaleEffects(factors: [Double], seed: UInt64) -> [ScaleEffect] {
  let (exact, usual) = (NormalizedDense(epsilon: 0, seed: seed), NormalizedDense(seed: seed))
  let (before, usualBefore) = (exact.scaled(by: 1), usual.scaled(by: 1))
  return factors.map { factor in
    let (after, usualAfter) = (exact.scaled(by: Float(factor)), usual.scaled(by: Float(factor)))
    let rescaled = after.gradient.multiplied(by: Float(factor))
    return ScaleEffect(
      factor: factor, exactChange: largestDifference(before.output, after.output),
      usualChange: largestDifference(usualBefore.output, usualAfter.output),
      gradientRatio: norm(usualAfter.gradient) / norm(usualBefore.gradient),
      gradientError: norm(rescaled.subtracting(before.gradient)) / norm(before.gradient))
  }
}

/// How numbers are spread: mean, deviation, and the share of them in each of some equal bins.
struct Spread: Codable, Sendable {
  var mean: Double
  var deviation: Double
  var heights: [Double]

  init(_ values: [Double], in range: ClosedRange<Double>) {
    let summary = Summary(values)
    (mean, deviation, heights) = (summary.mean, summary.deviation, histogram(values, in: range))
  }
}

/// What the statistics of small batches say about a distribution of mean 3 and variance 4.
struct BatchMoments: Codable, Sendable {
  var batchSize: Int
  /// How many batches there were, one for each channel of the layer.
  var count: Int
  /// The mean of each batch, histogram from 0 to 6.
  var means: Spread
  /// The biased variance of each batch, which the layer divides by; histogram from 0 to 12.
  var variances: Spread
  /// What the layer's running statistics have become after all these batches, as averages over its channels.
  var runningMean: Double
  var runningVariance: Double

  static let truth = (mean: 3.0, variance: 4.0)

  /// The mean of the biased variances.
  var biasedVariance: Double { variances.mean }

  /// Feeds `batches` batches to a layer whose running statistics are plain averages of all batches so far.
  init(batchSize: Int, batches: Int, channels: Int = 8, seed: UInt64) {
    self.batchSize = batchSize
    var (means, variances) = ([Double](), [Double]())
    var generator = SeededGenerator(seed: seed, stream: 54)
    var (layer, batch) = (BatchNorm(channels), Tensor(zeros: [batchSize, channels]))
    for k in 1...batches {
      batch.fillNormal(standardDeviation: Float(Self.truth.variance.squareRoot()), using: &generator)
      batch = batch.map { $0 + Float(Self.truth.mean) }
      // 1/k as the weight of the k-th batch makes the running value the mean of all so far.
      layer.momentum = 1 / Float(k)
      _ = layer.forward(batch, mode: .training)
      for c in 0..<channels {
        let column = (0..<batchSize).map { Double(batch.elements[$0 * channels + c]) }
        let mean = column.reduce(0, +) / Double(batchSize)
        means.append(mean)
        variances.append(column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(batchSize))
      }
    }
    count = means.count
    (self.means, self.variances) = (Spread(means, in: 0...6), Spread(variances, in: 0...12))
    runningMean = Summary(layer.runningMean.elements.map(Double.init)).mean
    runningVariance = Summary(layer.runningVariance.elements.map(Double.init)).mean
  }
}
