// The experiments of chapter 4: what initial weights do to a signal on its way through a deep network.

import Foundation
import Workbook

/// One way to begin: an activation, a distribution of weights, and the name of the pair.
struct Start: Sendable {
  var name: String
  var activation: Activation
  var initializer: Initializer
  /// What the outputs of a trained net are multiplied with.
  var outputScale: Float = 1
  /// Whether the layers of a trained net have biases, drawn as PyTorch does.
  var hasBiases = false

  enum Activation: Sendable { case tanh, relu }

  /// The five of the lecture, in its order.
  static let lecture = [
    Start(name: "tanh, 0.01", activation: .tanh, initializer: .normal(standardDeviation: 0.01)),
    Start(name: "tanh, 0.05", activation: .tanh, initializer: .normal(standardDeviation: 0.05)),
    Start(name: "tanh, 1/Dᵢₙ (Xavier)", activation: .tanh, initializer: .lecunNormal),
    Start(name: "ReLU, 1/Dᵢₙ (Xavier)", activation: .relu, initializer: .lecunNormal),
    Start(name: "ReLU, He", activation: .relu, initializer: .heNormal),
  ]

  /// The gains of the lecture's three before a tanh, at its width of 4096, and the usual one.
  static let tanhGains: [(name: String, gain: Float)] = [
    ("g = 0.64 (0.01)", 0.64), ("g = 1 (Xavier)", 1), ("g = 5/3", 5 / 3), ("g = 3.2 (0.05)", 3.2),
  ]

  var layer: any Layer { activation == .tanh ? Tanh() as any Layer : ReLU() as any Layer }
}

/// Beyond it, either way, tanh has less than a tenth of its largest slope, which is 1 − y² of its output y.
let saturationEdge = short(0.9.squareRoot(), digits: 2)

/// What one layer does to the signal.
struct Spread: Codable, Sendable {
  /// Mean and standard deviation of the layer's activations.
  var mean: Double
  var deviation: Double
  /// √E[x²] of the activations: what the next layer's sums are made of.
  var rootMeanSquare: Double
  /// The share of exact zeros: half of them, after a ReLU that is fed symmetrically.
  var zeros: Double
  /// The share of units where the activation has less than a tenth of its largest slope.
  var saturated: Double
  /// Of the layer's input: Var(x) and E[x²].
  var inputVariance: Double
  var inputSquare: Double
  /// Of the sums z = Wx, before the activation: Var(z).
  var sumVariance: Double
  /// The standard deviation of ∂L/∂(layer input) when random numbers of deviation 1 are sent back from the end.
  var gradientDeviation: Double
  /// The root-mean-square of ∂L/∂W for the same, summed over the batch.
  var weightGradient: Double?
  /// The share of activations in each of 50 bins over −1 … 1 (tanh) or 0 … 3 (ReLU), zeros of a ReLU left out; empty
  /// where it is not kept.
  var histogram: [Double]
}

/// One draw of everything random: weights from N(0, 1), a batch to send forward, a gradient to send back.
///
/// All ways to begin share it. A start with standard deviation σ has the weights W = σ·N, and (σN)x = σ(Nx): so the
/// starts differ in their scale alone. A layer is drawn when it is asked for, with the same numbers each time: seven of
/// 4096² weights at once would take half a gigabyte.
struct Draw: Sendable {
  let depth: Int
  private let width: Int
  /// [samples, width], standard normal.
  let input: Tensor
  /// The random numbers that come before the weights of each layer drawn so far.
  private var states: [SeededGenerator] = []
  private var generator: SeededGenerator

  init(width: Int, depth: Int, samples: Int = 16, seed: UInt64) {
    (self.width, self.depth) = (width, depth)
    generator = SeededGenerator(seed: seed, stream: 4)
    input = Self.normal([samples, width], using: &generator)
  }

  /// A layer of N(0, 1) weights, [width, width]; the first time in their order.
  mutating func layer(_ index: Int) -> Dense {
    var layer = Dense(width, width, bias: false, initializer: .normal(standardDeviation: 1))
    if index < states.count {
      var again = states[index]
      layer.initialize(using: &again)
    } else {
      states.append(generator)
      layer.initialize(using: &generator)
    }
    return layer
  }

  /// ∂L/∂(output of the last layer), [samples, width], standard normal; after all layers.
  func outputGradient() -> Tensor {
    var generator = generator
    return Self.normal(input.shape, using: &generator)
  }

  private static func normal(_ shape: Shape, using generator: inout SeededGenerator) -> Tensor {
    var tensor = Tensor(zeros: shape)
    tensor.fillNormal(standardDeviation: 1, using: &generator)
    return tensor
  }
}

/// What goes in, the sums, and what comes out of one layer, [samples, width] each.
private typealias Step = (input: Tensor, sum: Tensor, output: Tensor)

/// Sends a batch of standard normal numbers through all layers, from each start.
private func signals(
  _ starts: [Start], _ sigmas: [Float], through draw: inout Draw
) -> [[Step]] {
  var steps = starts.map { _ in [Step]() }
  for l in 0..<draw.depth {
    var layer = draw.layer(l)  // N(0, 1), the same for every start
    for (s, start) in starts.enumerated() {
      // The output of the layer below, or the input where there is none.
      let x = steps[s].last?.output ?? draw.input  // [samples, width]
      let sum = layer.forward(x).scaled(by: sigmas[s])  // W = σ·N
      var activation = start.layer
      steps[s].append((x, sum, activation.forward(sum)))
    }
  }
  return steps
}

/// Sends a batch of standard normal numbers through all layers, and random gradients back, from each start.
func activationSpreads(_ starts: [Start], through draw: inout Draw) -> [[Spread]] {
  let width = draw.input.shape[1]
  let fans = Fans(fanIn: width, fanOut: width)
  let sigmas = starts.map { $0.initializer.standardDeviation(fans) }
  let steps = signals(starts, sigmas, through: &draw)
  var gradients = starts.map { _ in [draw.outputGradient()] }
  for l in (0..<draw.depth).reversed() {
    var layer = draw.layer(l)
    for (s, start) in starts.enumerated() {
      let step = steps[s][l]
      var activation = start.layer
      let slope = activation.backward(
        gradients[s][0], input: step.sum, output: step.output)
      let below = layer.backward(slope, input: step.input, output: step.sum)
      gradients[s].insert(below.scaled(by: sigmas[s]), at: 0)
    }
  }
  return starts.indices.map { s in
    steps[s].indices.map { spread(starts[s], steps[s][$0], gradient: gradients[s][$0], above: gradients[s][$0 + 1]) }
  }
}

/// √E[(∂L/∂W)²] of a layer z = Wx, from its inputs x and ∂L/∂z, both [samples, width].
///
/// ∂L/∂W is the sum over the samples of ∂L/∂z·xᵀ, so that Σ(∂L/∂W)² is the sum over all pairs of samples a, b of
/// (x_a·x_b)(∂L/∂z_a·∂L/∂z_b): the 4096² numbers need not be made.
private func weightGradientSize(_ input: Tensor, _ slope: Tensor) -> Double {
  /// The inner products of all pairs of samples: what a dense layer makes of them whose weights are the samples.
  func products(_ samples: Tensor) -> [Float] {
    var dense = Dense(samples.shape[1], samples.shape[0], bias: false)
    dense.weight.value = samples
    return dense.forward(samples).elements
  }
  let sum = zip(products(input), products(slope)).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
  return (max(0, sum) / Double(input.shape[1] * input.shape[1])).squareRoot()
}

/// Measures one layer; `above` is the gradient of its output.
private func spread(
  _ start: Start, _ step: Step, gradient: Tensor, above: Tensor
) -> Spread {
  var activation = start.layer
  let slope = activation.backward(above, input: step.sum, output: step.output)
  let (mean, deviation) = moments(step.output.elements)
  let (inputMean, inputDeviation) = moments(step.input.elements)
  let outputs = step.output.elements
  let count = Double(outputs.count)
  let isTanh = start.activation == .tanh
  return Spread(
    mean: mean, deviation: deviation,
    rootMeanSquare: (deviation * deviation + mean * mean).squareRoot(),
    zeros: Double(outputs.count { $0 == 0 }) / count,
    saturated: Double(outputs.count { isTanh ? 1 - $0 * $0 < 0.1 : $0 <= 0 }) / count,
    inputVariance: inputDeviation * inputDeviation,
    inputSquare: inputDeviation * inputDeviation + inputMean * inputMean,
    sumVariance: pow(moments(step.sum.elements).deviation, 2),
    gradientDeviation: moments(gradient.elements).deviation, weightGradient: weightGradientSize(step.input, slope),
    histogram: shares(
      of: isTanh ? outputs : outputs.filter { $0 != 0 }, in: isTanh ? -1...1 : 0...3, of: count))
}

/// The share of numbers in each of 50 bins. What lies beyond the range is in none: counted into the last bin it would
/// look like a spike.
private func shares(of numbers: [Float], in range: ClosedRange<Float>, of count: Double) -> [Double] {
  var bins = [Double](repeating: 0, count: 50)
  let scale = 50 / (range.upperBound - range.lowerBound)
  for number in numbers where range.contains(number) {
    bins[min(49, Int((number - range.lowerBound) * scale))] += 1 / count
  }
  return bins
}

extension Tensor {
  /// Returns the tensor with every element multiplied.
  func scaled(by factor: Float) -> Tensor {
    var result = self
    result.withUnsafeMutableElements { elements in
      for i in elements.indices { elements[i] *= factor }
    }
    return result
  }
}

/// Several starts, each with several seeds.
struct SpreadExperiment: Codable, Sendable {
  /// [start][seed][layer].
  var spreads: [[[Spread]]]
}

extension SpreadExperiment {
  /// Runs them all; `report` hears how many seeds are done.
  init(
    starts: [Start] = Start.lecture, width: Int, depth: Int, samples: Int = 16, seeds: [UInt64],
    report: (Int) -> Void = { _ in }
  ) {
    spreads = starts.map { _ in [] }
    for (index, seed) in seeds.enumerated() {
      report(index)
      var draw = Draw(width: width, depth: depth, samples: samples, seed: seed)
      for (place, layers) in activationSpreads(starts, through: &draw).enumerated() {
        spreads[place].append(layers)
      }
    }
  }

  /// The experiment with the histograms of its first seed alone: those of the others are drawn nowhere.
  var withoutSpareHistograms: SpreadExperiment {
    var copy = self
    for start in spreads.indices {
      for seed in spreads[start].indices.dropFirst() {
        for layer in spreads[start][seed].indices {
          copy.spreads[start][seed][layer].histogram = []
        }
      }
    }
    return copy
  }

  /// Over the seeds, what `measure` takes from the layers of one start.
  func overSeeds(_ start: Int, _ measure: ([Spread]) -> Double) -> Summary {
    Summary(spreads[start].map(measure))
  }

  /// [start][layer]: the mean over the seeds of what `measure` takes from a layer.
  func means(_ measure: (Spread) -> Double) -> [[Double]] {
    summaries(measure).map { $0.map(\.mean) }
  }

  func summaries(_ measure: (Spread) -> Double) -> [[Summary]] {
    spreads.map { runs in runs[0].indices.map { layer in Summary(runs.map { measure($0[layer]) }) }
    }
  }
}

/// What the formula says of the sums of one layer, and what they are.
struct Theory: Sendable {
  /// Var(z).
  var measured: Double
  /// Din·E[x²]·Var(w), and by what Var(z) differs from it.
  var withSquare: Double
  var squareRatio: Summary
  /// Din·Var(x)·Var(w), and by what Var(z) differs from it.
  var withVariance: Double
  var varianceRatio: Summary
}

/// Compares the formula with the sums of one layer, over all seeds.
func theory(start: Int, layer: Int, in experiment: SpreadExperiment, width: Int) -> Theory {
  let sigma = Double(
    Start.lecture[start].initializer.standardDeviation(Fans(fanIn: width, fanOut: width)))
  let factor = Double(width) * sigma * sigma  // Din·Var(w)
  let runs = experiment.spreads[start].map { $0[layer] }
  return Theory(
    measured: Summary(runs.map(\.sumVariance)).mean,
    withSquare: Summary(runs.map { factor * $0.inputSquare }).mean,
    squareRatio: Summary(runs.map { $0.sumVariance / (factor * $0.inputSquare) }),
    withVariance: Summary(runs.map { factor * $0.inputVariance }).mean,
    varianceRatio: Summary(runs.map { $0.sumVariance / (factor * $0.inputVariance) }))
}

extension Double {
  /// The positive `degree`-th root.
  func root(_ degree: Int) -> Double { pow(self, 1 / Double(degree)) }

  /// The number multiplied with itself.
  func power(_ exponent: Int) -> Double { pow(self, Double(exponent)) }
}
