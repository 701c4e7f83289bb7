// What a network is trained to make small.

import Tensors

/// What the network should have said about each sample of a batch.
public enum Target: Hashable, Sendable {
  /// The class of each sample, N numbers from 0 to C − 1.
  case classes([Int])
  /// The wanted output itself, of the output's shape.
  case values(Tensor)
}

/// A measure of how wrong a batch of outputs is, with its gradient.
public protocol Loss: Sendable {
  /// The loss as tables print it: `cross-entropy`.
  var name: String { get }

  /// Returns the mean loss of a batch, summed in double precision.
  ///
  /// - Parameters:
  ///   - output: the network's output, [N, C].
  ///   - target: what it should have been.
  ///   - gradient: overwritten with ∂L/∂output, of the output's shape.
  func evaluate(_ output: Tensor, _ target: Target, gradient: inout Tensor) -> Double
}

/// Stops unless `target` fits a batch of `samples` outputs.
func checkTarget(_ target: Target, samples: Int, classes: Int, count: Int, _ name: String) {
  switch target {
  case .classes(let labels):
    demand(labels.count == samples, "\(name): \(samples) outputs need \(samples) labels, got \(labels.count)")
    demand(
      labels.allSatisfy { 0 <= $0 && $0 < classes },
      "\(name): labels must lie in 0 ..< \(classes), got \(labels.first { $0 < 0 || $0 >= classes } ?? 0)")
  case .values(let values):
    demand(values.count == count, "\(name): \(count) outputs need \(count) targets, got \(values.count)")
  }
}
