// The statistics of a tensor, the share of dead units, and the outputs of all layers.

import NeuralNetworks
import Tensors

/// The distribution of a tensor's elements.
public struct TensorStatistics: Hashable, Codable, Sendable {
  /// The number of elements.
  public var count: Int
  /// Their mean.
  public var mean: Double
  /// Their standard deviation, with n in the denominator.
  public var deviation: Double
  /// The smallest element.
  public var minimum: Float
  /// The largest element.
  public var maximum: Float
  /// The number of elements in each bin; elements outside the range are not counted.
  public var histogram: [Int]
  /// The range, which is divided into bins of equal width.
  public var range: ClosedRange<Float>

  /// Computes the statistics of a tensor.
  ///
  /// - Parameters:
  ///   - tensor: any shape; the histogram ignores NaNs.
  ///   - bins: the number of bins.
  ///   - range: the histogram's range; nil for the range from the smallest to the largest element.
  public init(_ tensor: Tensor, bins: Int = 50, range: ClosedRange<Float>? = nil) {
    demand(bins > 0, "TensorStatistics: the number of bins must be positive, got \(bins)")
    let elements = tensor.elements
    count = elements.count
    var (sum, squares) = (0.0, 0.0)
    for x in elements { sum += Double(x) }
    let mean = elements.isEmpty ? 0 : sum / Double(count)
    // Two passes: the difference of two large sums would lose the significant digits.
    for x in elements { squares += (Double(x) - mean) * (Double(x) - mean) }
    self.mean = mean
    deviation = elements.isEmpty ? 0 : (squares / Double(count)).squareRoot()
    let finite = elements.filter(\.isFinite)
    minimum = finite.min() ?? 0
    maximum = finite.max() ?? 0
    let limits = range ?? (minimum...maximum)
    self.range = limits
    histogram = Array(repeating: 0, count: bins)
    let width = (limits.upperBound - limits.lowerBound) / Float(bins)
    // The range of a diverging network's weights may exceed the largest Float.
    let wideWidth = (Double(limits.upperBound) - Double(limits.lowerBound)) / Double(bins)
    for x in finite where limits.contains(x) {
      let place =
        width.isFinite
        ? (width > 0 ? Int((x - limits.lowerBound) / width) : 0)
        : Int((Double(x) - Double(limits.lowerBound)) / wideWidth)
      histogram[min(bins - 1, place)] += 1
    }
  }
}

/// The share of units whose output is 0 for every sample: no gradient flows through them, and none of these samples can
/// reactivate them.
///
/// - Parameters:
///   - outputs: the outputs of ReLU units, [N, units] or [N, C, H, W].
///   - perChannel: whether a unit is a whole channel instead of a single position in it.
public func deadUnitShare(of outputs: Tensor, perChannel: Bool = false) -> Double {
  demand(outputs.shape.rank >= 2, "deadUnitShare: outputs [N, …] expected, got \(outputs.shape)")
  let samples = outputs.shape[0]
  let width = outputs.shape.withoutBatch.count
  let units = perChannel ? outputs.shape[1] : width
  guard units > 0, samples > 0 else { return 0 }
  let size = width / units
  var isAlive = [Bool](repeating: false, count: units)
  outputs.withUnsafeElements { elements in
    for n in 0..<samples {
      for i in 0..<width where elements[n * width + i] != 0 { isAlive[i / size] = true }
    }
  }
  return Double(isAlive.count { !$0 }) / Double(units)
}

/// The outputs of every layer of a network for one batch, by name; computed with a copy of the network.
public func layerOutputs(
  of network: Sequential, on inputs: Tensor, mode: Mode = .inference
) -> [(name: String, kind: String, output: Tensor)] {
  var network = network
  var (output, pass) = (Tensor.empty, Pass(mode))
  network.forward(inputs, into: &output, in: &pass)
  return network.entries.enumerated().map { index, entry in
    (entry.name, entry.layer.kind, index == network.entries.count - 1 ? output : network.activation(at: index))
  }
}
