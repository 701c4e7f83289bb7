// Noise after a norm: does batch norm help because the inputs of a layer hold still?

import Foundation
import Workbook

/// Noise that moves mean and spread of every channel at each step.
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

/// Three hidden layers of 100 ReLU units with He's weights, without a norm and with batch norm, without noise and with it.
/// A default run measures these; a full run measures the five-layer net (``PartsFindings``).
enum ShakenNet: String, CaseIterable, Sendable {
  case plain, normalized, noisyNorm, noisyPlain

  var layers: Sequential {
    let hasNorm = self == .normalized || self == .noisyNorm
    let hasNoise = self == .noisyNorm || self == .noisyPlain
    return Sequential {
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

/// What noise costs a small net with batch norm and without, each at its own best rate.
struct ShakenFindings: Codable, Sendable {
  var rates: [Double]
  /// For each of `ShakenNet.allCases`: the best rate by images kept back, and there the test error in per cent, averaged
  /// over the run, one for each seed.
  var best: [Int]
  var errors: [Summary]
  /// How far the inputs of the last activation move in a step: without a norm, with batch norm, with batch norm and noise.
  var movements: [Summary]
}

extension ShakenFindings {
  init(
    on digits: Digits, choosingBy kept: Dataset, rates: [Double], steps: Int, interval: Int, seeds: [UInt64],
    _ run: ChapterRun
  ) throws {
    let ticker = Ticker("training", total: ShakenNet.allCases.count * rates.count * seeds.count, run)
    defer { ticker.finish() }
    (self.rates, best, errors, movements) = (rates, [], [], [])
    for net in ShakenNet.allCases {
      let all = try inParallel(rates.count * seeds.count) { place in
        run.stopIfInterrupted()
        ticker.tick()
        return try StabilityRun(
          net.layers, on: digits, steps: steps, interval: interval, batchSize: 60,
          rate: Float(rates[place / seeds.count]), choosingBy: kept, seed: seeds[place % seeds.count])
      }
      let runs = rates.indices.map { Array(all[$0 * seeds.count..<($0 + 1) * seeds.count]) }
      let place = bestPlace(runs.map { Summary($0.compactMap(\.validation)) }) ?? 0
      best.append(place)
      errors.append(Summary(runs[place].map { Summary($0.errors).mean }))
      if net != .noisyPlain { movements.append(Summary(runs[place].map { Summary($0.drifts).mean })) }
    }
  }
}

/// One training run that is looked at along the way.
struct StabilityRun: Sendable {
  /// The test error in per cent at each look.
  var errors: [Double] = []
  /// How far mean and deviation of the last activation's inputs moved in one step, in units of the deviation, averaged
  /// over the units.
  var drifts: [Double] = []
  /// The error in per cent on images kept back, averaged over the looks, where a rate is chosen by them.
  var validation: Double?
}

extension StabilityRun {
  /// Trains for `count` steps and looks at every `interval`-th.
  ///
  /// - Parameter isTesting: whether the test error is measured at each look.
  init(
    _ net: Sequential, on digits: Digits, steps count: Int, interval: Int, batchSize: Int, rate: Float,
    isTesting: Bool = true, choosingBy kept: Dataset? = nil, seed: UInt64
  ) throws {
    var model = try Model(net, input: digits.train.sampleShape, seed: seed)
    let loss = SoftmaxCrossEntropy()
    var (optimizer, pass) = (SGD(), Pass(.training, generator: SeededGenerator(seed: seed, stream: 55)))
    var generator = SeededGenerator(seed: seed, stream: 56)
    var (order, ofKept) = ([Int](), [Double]())
    var before: [(mean: Double, deviation: Double)] = []
    let place = model.layers.entries.count - 3
    for step in 1...count {
      if order.count < batchSize { order = generator.permutation(of: digits.train.count) }
      let batch = digits.train.batch(order[..<batchSize])
      order.removeFirst(batchSize)
      _ = model.step(batch, loss, in: &pass)
      let isLook = step % interval == 0
      if isLook || step % interval == interval - 1 {
        let now = columnMoments(model.layers.activation(at: place))
        if isLook {
          drifts.append(
            Summary(
              zip(before, now).map {
                (abs($0.mean - $1.mean) + abs($0.deviation - $1.deviation)) / max($0.deviation, 1e-6)
              }
            ).mean)
        }
        before = now
      }
      optimizer.step(&model, learningRate: rate)
      guard isLook else { continue }
      if isTesting { errors.append(100 * evaluate(model, on: digits.test, loss: loss).error) }
      if let kept { ofKept.append(100 * evaluate(model, on: kept, loss: loss).error) }
    }
    validation = kept == nil ? nil : Summary(ofKept).mean
  }
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

/// What noise costs with a norm and without one, on whichever net it was measured, each version at its own best rate.
struct NoiseCost {
  /// The test errors without a norm, with batch norm, and with noise after each.
  var plain: Summary
  var normalized: Summary
  var noisyNorm: Summary
  var noisyPlain: Summary
  /// How many times as far the inputs of the last activation move with batch norm and noise as without a norm.
  var timesTheMovement: Double

  var withNorm: Summary { noisyNorm - normalized }
  var withoutNorm: Summary { noisyPlain - plain }
  /// The points that steady inputs explain: what the noise costs more with batch norm than without, where there is nothing
  /// steady to lose.
  var steadiness: Summary { withNorm - withoutNorm }
  /// The points that batch norm saves.
  var gain: Summary { plain - normalized }
  /// Whether, beyond chance, they do not explain all of it.
  var isNotAll: Bool { (gain - steadiness).direction() == .above }
  /// Whether they explain some of it by the rule for all causes.
  var isSteadinessSure: Bool { steadiness.direction(among: PartsFindings.tests) == .above }
  /// Whether with the noise batch norm makes no fewer errors than no norm, beyond chance.
  var isLeadGone: Bool { (plain - noisyNorm).direction() != .above }
  /// What the noise costs both nets, and why only the difference counts.
  var shakenWords: String {
    withoutNorm.direction() == .above && withNorm.direction() == .above
      ? "This noise costs \(fixed(withNorm.mean, 2)) points with batch norm, but also \(fixed(withoutNorm.mean, 2)) without a norm, where there are no steady inputs to lose. So only the difference can be the worth of steady inputs."
      : "Only what it costs *more* with batch norm can be the worth of steady inputs."
  }
  /// Whether steady inputs explain less than a quarter of what batch norm saves.
  var isSteadinessSmall: Bool { steadiness.mean + steadiness.uncertainty < 0.25 * gain.mean }
}

extension Norms.Findings {
  /// The five-layer net's, where it was measured; else that of the smaller net.
  var noiseCost: NoiseCost? {
    if let parts, let plain = parts.errors(.none), let normalized = parts.errors(.batch),
      let noisyNorm = parts.errors(.noisyBatch), let noisyPlain = parts.errors(.noisy),
      let still = parts.net(.none)?.movement, let moved = parts.net(.noisyBatch)?.movement
    {
      return NoiseCost(
        plain: plain, normalized: normalized, noisyNorm: noisyNorm, noisyPlain: noisyPlain,
        timesTheMovement: moved.mean / still.mean)
    }
    guard let shaken, shaken.errors.count == 4 else { return nil }
    return NoiseCost(
      plain: shaken.errors[0], normalized: shaken.errors[1], noisyNorm: shaken.errors[2], noisyPlain: shaken.errors[3],
      timesTheMovement: shaken.movements[2].mean / shaken.movements[0].mean)
  }
}
