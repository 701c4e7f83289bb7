// Loss functions: what training minimizes.

import Tensors

/// The desired outputs for the samples of a batch.
public enum Target: Hashable, Sendable {
  /// The class of each sample, N numbers from 0 to C − 1.
  case classes([Int])
  /// The desired output itself, with the output's shape.
  case values(Tensor)
}

/// How the losses of the samples of a batch are combined into one number.
public enum Reduction: Hashable, Sendable {
  /// The mean: the size of a step does not depend on the batch size.
  case mean
  /// The sum.
  case sum

  /// The divisor of a sum over `count` terms.
  func divisor(_ count: Int) -> Int { self == .mean ? count : 1 }
  /// The suffix of a loss's name.
  var suffix: String { self == .mean ? "" : ", summed" }
}

/// A measure of how wrong a batch of outputs is, with its gradient.
public protocol Loss: Sendable {
  /// The loss's name, as printed in tables: `cross-entropy`.
  var name: String { get }

  /// Whether the loss of a batch is the mean or the sum of its samples' losses.
  var reduction: Reduction { get }

  /// Returns the loss of a batch, reduced in double precision.
  ///
  /// - Parameters:
  ///   - output: the network's output, [N, C].
  ///   - target: the desired output.
  ///   - gradient: overwritten with ∂L/∂output, with the output's shape.
  func evaluate(_ output: Tensor, _ target: Target, gradient: inout Tensor) -> Double
}

extension Loss {
  public var reduction: Reduction { .mean }

  /// The sum of the losses of `count` samples whose reduced loss is `value`.
  public func total(_ value: Double, of count: Int) -> Double { reduction == .mean ? value * Double(count) : value }
}

/// Stops the program unless `target` fits a batch of `samples` outputs.
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
