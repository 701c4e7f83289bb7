// Two explanations put to the test: does the distribution hold still, and is the loss smoother along the step?

import Foundation
import Workbook

/// Noise after a normalization that moves mean and spread of every channel at each step.
///
/// y = x·exp(τ·s) + τ·b with s and b drawn anew for each channel and each training pass; inference leaves x alone.
/// - Source: after Santurkar et al. 2018, arXiv:1805.11604, section 2.2, whose noise differs for each value as well.
struct Jitter: Layer {
  /// τ.
  let strength: Float
  private var scales: [Float] = []

  init(strength: Float) { self.strength = strength }

  func outputShape(for input: Shape) throws(ShapeError) -> Shape { input }

  mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    let width = input.shape.withoutBatch.count
    var shifts = [Float](repeating: 0, count: width)
    scales = [Float](repeating: 1, count: width)
    if pass.mode == .training {
      for i in 0..<width {
        scales[i] = exp(strength * pass.generator.nextNormal())
        shifts[i] = strength * pass.generator.nextNormal()
      }
    }
    scaleAndShift(input, by: scales, shifts, into: &output)
  }

  mutating func backward(_ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor) {
    if !inputGradient.isEmpty { scaleAndShift(outputGradient, by: scales, into: &inputGradient) }
  }
}

/// Three hidden layers of 100 ReLU units with He's weights: as they are, normalized, and normalized with noise after it;
/// and, as the control, with the noise alone.
enum StabilityVariant: String, Sendable {
  case plain = "no norm"
  case normalized = "batch norm"
  case jittered = "norm + noise"
  case noiseAlone = "no norm + noise"

  /// Those of the experiment, without the control.
  static let experiment: [StabilityVariant] = [.plain, .normalized, .jittered]
  var hasNorm: Bool { self == .normalized || self == .jittered }
  var hasNoise: Bool { self == .jittered || self == .noiseAlone }

  /// The perceptron of the sweeps, five layers of 64, in this variant.
  var perceptron: Sequential {
    ch05_normalization.perceptron(
      hasNorm ? .batch : .none, disturbance: hasNoise ? { Jitter(strength: 0.3) } : nil)
  }

  var layers: Sequential {
    Sequential {
      Flatten().named("flatten")
      for index in 1...3 {
        Dense(index == 1 ? 784 : 100, 100, initializer: .heNormal).named("fc\(index)")
        if hasNorm { BatchNorm(100).named("norm\(index)") }
        if hasNoise { Jitter(strength: 0.3).named("jitter\(index)") }
        ReLU().named("act\(index)")
      }
      Dense(100, 10, initializer: .lecunNormal).named("out")
    }
  }
}

/// One training run with probes along the way.
struct StabilityRun: Codable, Sendable {
  /// The steps at which the loss was probed, and the test error in per cent there.
  var steps: [Int] = []
  var errors: [Double] = []
  /// The lowest and the highest loss of the batch along −g, up to four steps ahead.
  var lowest: [Double] = []
  var highest: [Double] = []
  /// The largest ‖g′ − g‖/‖g‖ along the same line: how soon a gradient goes out of date.
  var gradientChanges: [Double] = []
  /// How far mean and deviation of the last activation's inputs moved in one step, in units of the deviation, averaged
  /// over the units.
  var drifts: [Double] = []
  /// The error in per cent on images kept back, averaged over the probes, where a rate is chosen by them.
  var validation: Double?
  /// Four steps ahead along the same line: ‖g′‖/‖g‖, and the cosine of the angle between g′ and g.
  var sizes: [Double]?
  var cosines: [Double]?
}

extension StabilityRun {
  /// Trains for `steps` steps and probes every `interval`-th.
  ///
  /// - Parameter net: what is trained in place of the variant's three layers.
  init(
    _ variant: StabilityVariant, net: Sequential? = nil, on digits: Digits, steps count: Int, interval: Int,
    batchSize: Int = 60, rate: Float, isProbing: Bool = true, choosingBy kept: Dataset? = nil, seed: UInt64
  ) throws {
    var model = try Model(net ?? variant.layers, input: digits.train.sampleShape, seed: seed)
    let loss = SoftmaxCrossEntropy()
    var (optimizer, pass) = (SGD(), Pass(.training, generator: SeededGenerator(seed: seed, stream: 55)))
    var generator = SeededGenerator(seed: seed, stream: 56)
    var order: [Int] = []
    var before: [(mean: Double, deviation: Double)] = []
    let place = model.layers.entries.count - 3
    var ofKept: [Double] = []
    for step in 1...count {
      if order.count < batchSize { order = generator.permutation(of: digits.train.count) }
      let batch = digits.train.batch(order[..<batchSize])
      order.removeFirst(batchSize)
      let value = model.step(batch, loss, in: &pass)
      let isProbed = step % interval == 0
      if isProbed || step % interval == interval - 1 {
        let now = columnMoments(model.layers.activation(at: place))
        if isProbed {
          drifts.append(
            Summary(
              zip(before, now).map {
                (abs($0.mean - $1.mean) + abs($0.deviation - $1.deviation)) / max($0.deviation, 1e-6)
              }
            ).mean)
          // Behind noise every look at the loss is a look at another loss.
          if isProbing && !variant.hasNoise { probe(model, batch, value, rate: rate) }
          self.steps.append(step)
        }
        before = now
      }
      optimizer.step(&model, learningRate: rate)
      if isProbed {
        errors.append(100 * evaluate(model, on: digits.test, loss: loss).error)
        if let kept { ofKept.append(100 * evaluate(model, on: kept, loss: loss).error) }
      }
    }
    validation = kept == nil ? nil : Summary(ofKept).mean
  }

  /// Walks from the weights along the negative gradient, up to four steps far,
  /// and looks at the loss and at the gradient there.
  private mutating func probe(
    _ model: Model, _ batch: Batch, _ value: Double, rate: Float
  ) {
    let here = gradients(of: model)
    var (low, high, change, last) = (value, value, 0.0, here)
    for steps in [1, 2, 4] as [Float] {
      var (ahead, pass) = (model, Pass(.training))
      SGD().stepped(&ahead, by: rate * steps)
      let there = ahead.step(batch, SoftmaxCrossEntropy(), in: &pass)
      (low, high) = (min(low, there), max(high, there))
      last = gradients(of: ahead)
      let moved = zip(here, last).map { $1.subtracting($0) }
      change = max(change, length(of: moved) / length(of: here))
    }
    (lowest, highest) = (lowest + [low], highest + [high])
    gradientChanges.append(change)
    note(here, last)
  }

  /// How large the gradient four steps ahead is, and where it points.
  private mutating func note(_ here: [Tensor], _ last: [Tensor]) {
    let (size, there) = (length(of: here), length(of: last))
    let product = zip(here, last).map { dot($0, $1) }.reduce(0, +)
    sizes = (sizes ?? []) + [there / max(size, 1e-12)]
    cosines = (cosines ?? []) + [product / max(size * there, 1e-12)]
  }
}

extension SGD {
  /// Makes one step of plain descent.
  func stepped(_ model: inout Model, by rate: Float) {
    var copy = self
    copy.step(&model, learningRate: rate)
  }
}

/// The gradients of all parameters.
func gradients(of model: Model) -> [Tensor] { model.parameters.map { $0.parameter.gradient } }

private func squaredNorm(_ tensor: Tensor) -> Double { tensor.elements.reduce(0) { $0 + Double($1) * Double($1) } }

/// The length of all tensors as one vector.
func length(of tensors: [Tensor]) -> Double { tensors.map(squaredNorm).reduce(0, +).squareRoot() }

func dot(_ a: Tensor, _ b: Tensor) -> Double {
  zip(a.elements, b.elements).reduce(0) { $0 + Double($1.0) * Double($1.1) }
}

/// Mean and standard deviation of each column of [N, F].
func columnMoments(_ tensor: Tensor) -> [(mean: Double, deviation: Double)] {
  let (rows, columns) = (tensor.shape[0], tensor.count / max(1, tensor.shape[0]))
  return (0..<columns).map { column in
    var (sum, squares) = (0.0, 0.0)
    for row in 0..<rows {
      let value = Double(tensor.elements[row * columns + column])
      sum += value
      squares += value * value
    }
    let mean = sum / Double(rows)
    return (mean, max(0, squares / Double(rows) - mean * mean).squareRoot())
  }
}
