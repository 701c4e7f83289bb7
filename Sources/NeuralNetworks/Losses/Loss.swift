// What a network is trained to make small.

import Tensors

/// What the network should have said about each sample of a batch.
public enum Target: Hashable, Sendable {
  /// The class of each sample, N numbers from 0 to C − 1.
  case classes([Int])
  /// The wanted output itself, of the output's shape.
  case values(Tensor)
}

/// How the losses of a batch's samples become one number.
public enum Reduction: Hashable, Sendable {
  /// Averaged, so that the size of a step does not depend on that of the batch.
  case mean
  /// Added.
  case sum

  /// What a sum over `count` terms is divided by.
  func divisor(_ count: Int) -> Int { self == .mean ? count : 1 }
  /// What the name of a loss ends in.
  var suffix: String { self == .mean ? "" : ", summed" }
}

/// A measure of how wrong a batch of outputs is, with its gradient.
public protocol Loss: Sendable {
  /// The loss as tables print it: `cross-entropy`.
  var name: String { get }

  /// Whether the loss of a batch is the mean of its samples' losses, or their sum.
  var reduction: Reduction { get }

  /// Returns the loss of a batch, reduced in double precision.
  ///
  /// - Parameters:
  ///   - output: the network's output, [N, C].
  ///   - target: what it should have been.
  ///   - gradient: overwritten with ∂L/∂output, of the output's shape.
  func evaluate(_ output: Tensor, _ target: Target, gradient: inout Tensor) -> Double
}

extension Loss {
  public var reduction: Reduction { .mean }

  /// The sum of the losses of `count` samples, of which `value` is the reduced loss.
  public func total(_ value: Double, of count: Int) -> Double { reduction == .mean ? value * Double(count) : value }
}

/// Stops unless `target` fits a batch of `samples` outputs.
func checkTarget(
  _ target: Target, samples: Int, classes: Int, count: Int, _ name: @autoclosure () -> String
) {
  switch target {
  case .classes(let labels):
    demand(labels.count == samples, "\(name()): \(samples) outputs need \(samples) labels, got \(labels.count)")
    demand(
      labels.allSatisfy { 0 <= $0 && $0 < classes },
      "\(name()): labels must lie in 0 ..< \(classes), got \(labels.first { $0 < 0 || $0 >= classes } ?? 0)")
  case .values(let values):
    demand(values.count == count, "\(name()): \(count) outputs need \(count) targets, got \(values.count)")
  }
}
