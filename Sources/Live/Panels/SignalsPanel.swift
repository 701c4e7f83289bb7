// Chapter 4: the size of the signal after each layer, in the forward and the backward pass.

import NeuralNetworks
import Tensors

/// A deep network of equal dense layers with newly initialized weights: histograms of every layer's output and
/// gradient.
///
/// - `measure`: seed, depth, width, activation (0 tanh, 1 ReLU, 2 sigmoid, 3 none), initialization (0 normal with a
///   given standard deviation, 1 LeCun, 2 Xavier, 3 He), that standard deviation. Answers with: the mean, the standard
///   deviation, the share of exact zeros and the share near ±1 of every layer's output; the histograms of the outputs,
///   41 bins over ±`reach`; the standard deviations of the gradients; their histograms, scaled by their standard
///   deviations; and the standard deviation of the weights, and `reach`.
public final class SignalsPanel: Panel {
  private static let bins = 41
  private static let samples = 128

  public init() {}

  public func answer(_ question: Word, _ input: [Float]) -> [[Float]] {
    guard question == "measure" else { return [] }
    var reader = Reader(input)
    let (seed, depth, width) = (UInt64(reader.int(0...9_999)), reader.int(1...30), reader.int(1...512))
    let (activation, start, deviation) = (reader.int(0...3), reader.int(0...3), reader.float(0...10))
    let initializer: Initializer =
      switch start {
      case 1: .lecunNormal
      case 2: .xavierNormal
      case 3: .heNormal
      default: .normal(standardDeviation: deviation)
      }
    var layers: [BoxedLayer] = []
    for _ in 0..<depth {
      layers.append(Dense(width, width, bias: false, initializer: initializer).boxed)
      switch activation {
      case 0: layers.append(Tanh().boxed)
      case 1: layers.append(ReLU().boxed)
      case 2: layers.append(Sigmoid().boxed)
      default: layers.append(LeakyReLU(slope: 1).boxed)
      }
    }
    let net = Stack(layers, seed: seed)
    var generator = SeededGenerator(seed: seed, stream: 2)
    var batch = Tensor(zeros: [Self.samples, width])
    batch.fillNormal(standardDeviation: 1, using: &generator)
    net.forward(batch)
    var gradient = batch
    gradient.fillNormal(standardDeviation: 1, using: &generator)
    net.backward(gradient)

    // The outputs of the layers are those after each activation.
    let outputs = (0..<depth).map { net.outputs[2 * $0 + 1].elements }
    let gradients = (0..<depth).map { net.gradients[2 * $0 + 1].elements }
    let reach: Float = activation == 0 || activation == 2 ? 1 : 3
    let spreads = gradients.map { Self.deviation($0) }
    return [
      outputs.flatMap { Self.summary($0) },
      outputs.flatMap { Self.histogram($0, reach: reach) },
      spreads,
      zip(gradients, spreads).flatMap { Self.histogram($0, reach: 3 * max($1, .leastNormalMagnitude)) },
      [initializer.standardDeviation(Fans(fanIn: width, fanOut: width)), reach],
    ]
  }

  /// The mean, the standard deviation, the share of exact zeros, and the share beyond ±0.99.
  private static func summary(_ numbers: [Float]) -> [Float] {
    let count = Float(max(1, numbers.count))
    let zeros = numbers.reduce(0) { $0 + ($1 == 0 ? 1 : 0) }
    let ends = numbers.reduce(0) { $0 + (abs($1) > 0.99 ? 1 : 0) }
    return [mean(numbers), deviation(numbers), Float(zeros) / count, Float(ends) / count]
  }

  private static func mean(_ numbers: [Float]) -> Float {
    Float(numbers.reduce(0.0) { $0 + Double($1) } / Double(max(1, numbers.count)))
  }

  private static func deviation(_ numbers: [Float]) -> Float {
    let mean = Double(mean(numbers))
    let squares = numbers.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
    return Float((squares / Double(max(1, numbers.count))).squareRoot())
  }

  /// The share of the numbers in each bin; numbers outside the range count in the outermost bins, exact zeros not at
  /// all.
  private static func histogram(_ numbers: [Float], reach: Float) -> [Float] {
    var counts = [Float](repeating: 0, count: bins)
    for number in numbers where number.isFinite && number != 0 {
      let place = (number / reach + 1) / 2 * Float(bins)
      counts[min(max(0, Int(min(max(place, -1), Float(bins)))), bins - 1)] += 1
    }
    return counts.map { $0 / Float(max(1, numbers.count)) }
  }

  public func proof(_ input: [Float]) -> Proof {
    let answers = answer("measure", [1, 8, 64, 0, 2, 0])
    let summaries = (0..<4).map { kind in (0..<8).map { answers[0][4 * $0 + kind] } }
    // The means are near 0, so they are compared on the scale of the standard deviations. Exact zeros are counted.
    return Proof(whole: summaries[2], groups: [summaries[0] + summaries[1], summaries[3], answers[2]])
  }
}
