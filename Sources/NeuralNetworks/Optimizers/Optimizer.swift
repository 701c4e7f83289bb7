// How a gradient becomes a step.

import Tensors

/// A rule that turns gradients into new parameter values.
///
/// An optimizer is a value and keeps what it remembers (velocities, second moments) per parameter, in the order in
/// which the model visits them.
public protocol Optimizer: Sendable {
  /// The optimizer as tables print it: `SGD, momentum 0.9`.
  var name: String { get }

  /// Announces one step: called once before the parameters of a batch are updated.
  mutating func beginStep()

  /// Updates one parameter from its gradient.
  ///
  /// - Parameters:
  ///   - parameter: its value is overwritten.
  ///   - index: its place in the model's order of parameters.
  ///   - learningRate: the step size η of this step.
  mutating func update(_ parameter: inout Parameter, at index: Int, learningRate: Float)

  /// All that the optimizer remembers, by name, to be saved and restored: `velocity.0`, `step`.
  var state: [String: Tensor] { get set }
}

extension Optimizer {
  public mutating func beginStep() {}

  /// Updates every parameter of `model` from its gradient.
  public mutating func step<Model: Layer>(_ model: inout Model, learningRate: Float) {
    beginStep()
    var index = 0
    model.visitParameters { _, parameter in
      update(&parameter, at: index, learningRate: learningRate)
      index += 1
    }
  }
}
