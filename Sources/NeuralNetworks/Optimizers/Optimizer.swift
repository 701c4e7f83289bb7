// Optimizers: from gradients to steps.

import Tensors

/// A rule that turns gradients into new parameter values.
///
/// An optimizer is a value. It keeps its state (velocities, second moments) for each parameter, in the order in which
/// the model visits the parameters.
public protocol Optimizer: Sendable {
  /// The optimizer's name, as printed in tables: `SGD, momentum 0.9`.
  var name: String { get }

  /// Begins a step: called once for each batch, before its parameters are updated.
  mutating func beginStep()

  /// Updates one parameter from its gradient.
  ///
  /// - Parameters:
  ///   - parameter: the parameter; its value is overwritten.
  ///   - index: its index in the model's order of parameters.
  ///   - learningRate: the learning rate η of this step.
  mutating func update(_ parameter: inout Parameter, at index: Int, learningRate: Float)

  /// The complete state of the optimizer by name, for saving and restoring: `velocity.0`, `step`.
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
