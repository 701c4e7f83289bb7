// Sequences of layers in a form that Embedded Swift supports.

import NeuralNetworks
import Tensors

/// A sequence of layers that keeps all intermediate outputs and gradients for inspection.
///
/// It corresponds to `Sequential`, with the same layers. Embedded Swift does not support `any Layer`, in which
/// `Sequential` stores layers of different types, but it supports class inheritance; each layer is therefore wrapped in
/// an object.
///
/// ```swift
/// let net = Stack([Dense(2, 8).boxed, Tanh().boxed, Dense(8, 2).boxed], seed: 1)
/// let logits = net.forward(points)
/// ```
public final class Stack {
  /// The layers in order.
  public let layers: [BoxedLayer]
  /// The output of each layer in the last forward pass, [N, …].
  public private(set) var outputs: [Tensor]
  /// ∂L/∂output of each layer in the last backward pass.
  public private(set) var gradients: [Tensor]
  /// ∂L/∂input of the last backward pass for which it was requested.
  public private(set) var inputGradient = Tensor.empty
  private var input = Tensor.empty
  private var optimizer: SGD

  /// Creates a stack and initializes its weights.
  public init(_ layers: [BoxedLayer], seed: UInt64, optimizer: SGD = SGD()) {
    self.layers = layers
    self.optimizer = optimizer
    outputs = layers.map { _ in .empty }
    gradients = outputs
    var generator = SeededGenerator(seed: seed)
    for layer in layers { layer.initialize(using: &generator) }
  }

  /// Runs a batch through all layers and returns the last one's output, [N, …].
  @discardableResult
  public func forward(_ input: Tensor, mode: Mode = .inference, seed: UInt64 = 0) -> Tensor {
    self.input = input
    var pass = Pass(mode, generator: SeededGenerator(seed: seed))
    for index in layers.indices {
      let source = index == 0 ? input : outputs[index - 1]
      // The tensor is swapped out of the array and back: it always has a single owner, so nothing is copied.
      var target = Tensor.empty
      swap(&target, &outputs[index])
      layers[index].forward(source, into: &target, in: &pass)
      swap(&target, &outputs[index])
    }
    return outputs.last ?? input
  }

  /// Propagates ∂L/∂output backward through all layers, after `forward` on the same batch.
  public func backward(_ outputGradient: Tensor, toInput: Bool = false) {
    guard let last = layers.indices.last else { return }
    gradients[last] = outputGradient
    for index in layers.indices.reversed() {
      var target = Tensor.empty
      if index == 0 {
        swap(&target, &inputGradient)
        target.resize(to: toInput ? input.shape : [0])
      } else {
        swap(&target, &gradients[index - 1])
        target.resize(to: outputs[index - 1].shape)
      }
      layers[index].backward(
        gradients[index], input: index == 0 ? input : outputs[index - 1], output: outputs[index], into: &target)
      if index == 0 { swap(&target, &inputGradient) } else { swap(&target, &gradients[index - 1]) }
    }
  }

  /// One training step on a batch: forward, loss, backward, and the update of all parameters. Returns the loss.
  public func step<L: Loss>(_ input: Tensor, _ target: Target, _ loss: L, rate: Float, seed: UInt64 = 0) -> Double {
    let output = forward(input, mode: .training, seed: seed)
    var gradient = Tensor.empty
    let value = loss.evaluate(output, target, gradient: &gradient)
    backward(gradient)
    update(rate: rate)
    return value
  }

  /// Updates every parameter with its gradient.
  public func update(rate: Float) {
    optimizer.beginStep()
    var index = 0
    visitParameters { parameter in
      optimizer.update(&parameter, at: index, learningRate: rate)
      index += 1
    }
  }

  /// Visits every parameter in the order of the layers.
  public func visitParameters(_ visit: (inout Parameter) -> Void) {
    for layer in layers { layer.visitParameters(visit) }
  }

  /// Loads weights: for each layer its parameters, then its buffers, in the order in which it visits them.
  ///
  /// - Returns: whether the number of values was correct; if not, some parameters have been overwritten.
  @discardableResult
  public func load(_ numbers: [Float]) -> Bool {
    var place = 0
    func fill(_ tensor: inout Tensor) {
      tensor.withUnsafeMutableElements { elements in
        for i in elements.indices where place + i < numbers.count { elements[i] = numbers[place + i] }
      }
      place += tensor.count
    }
    for layer in layers {
      layer.visitParameters { fill(&$0.value) }
      layer.visitBuffers { fill(&$0) }
    }
    return place == numbers.count
  }
}

/// A type-erased layer.
public class BoxedLayer {
  fileprivate init() {}
  func initialize(using generator: inout SeededGenerator) {}
  func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {}
  func backward(_ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor) {}
  func visitParameters(_ visit: (inout Parameter) -> Void) {}
  func visitBuffers(_ visit: (inout Tensor) -> Void) {}
}

private final class LayerBox<Kind: Layer>: BoxedLayer {
  private var layer: Kind
  init(_ layer: Kind) { self.layer = layer }

  override func initialize(using generator: inout SeededGenerator) { layer.initialize(using: &generator) }
  override func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    layer.forward(input, into: &output, in: &pass)
  }
  override func backward(
    _ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor
  ) {
    layer.backward(outputGradient, input: input, output: output, into: &inputGradient)
  }
  override func visitParameters(_ visit: (inout Parameter) -> Void) { layer.visitParameters { visit(&$1) } }
  override func visitBuffers(_ visit: (inout Tensor) -> Void) { layer.visitBuffers { visit(&$1) } }
}

extension Layer {
  /// The type-erased layer, for a ``Stack``.
  public var boxed: BoxedLayer { LayerBox(self) }
}
