// The protocol of all layers: output shape, forward pass, backward pass.

import Tensors

/// One step of a network: a function of its input and its parameters, with a derivative.
///
/// A layer is a value. It owns its parameters and their gradients, but not its inputs and outputs: the enclosing
/// ``Sequential`` passes them in, and keeps a workspace for each. A forward pass therefore allocates no memory after
/// the first batch, and a copied model is a snapshot.
///
/// Shapes are those of one sample, `[C, H, W]` or `[features]`; tensors have the batch as their first axis,
/// `[N, C, H, W]`.
public protocol Layer: Sendable {
  /// The layer's kind, as printed in tables: `Conv2D`.
  var kind: String { get }

  /// The shape of one output sample for an input sample of shape `input`.
  ///
  /// - Throws: ``ShapeError`` with the expected shape, the received shape, and the arithmetic.
  func outputShape(for input: Shape) throws(ShapeError) -> Shape

  /// The multiply-adds of convolutions and dense layers for one sample; everything else counts as 0.
  func multiplyAdds(for input: Shape) -> Int

  /// Draws new initial parameters, and resets the running statistics.
  mutating func initialize(using generator: inout SeededGenerator)

  /// Computes the output of a batch.
  ///
  /// - Parameters:
  ///   - input: [N, …].
  ///   - output: [N, …], resized and overwritten.
  ///   - pass: training or inference, and the randomness of this step.
  mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass)

  /// Computes the gradients of a batch, after `forward` on the same batch.
  ///
  /// The new gradients of the parameters overwrite the old ones: there is no need to zero them between batches.
  ///
  /// - Parameters:
  ///   - outputGradient: ∂L/∂output, [N, …].
  ///   - input: the input of `forward`.
  ///   - output: the output of `forward`.
  ///   - inputGradient: ∂L/∂input, overwritten; it already has the shape of the input. If it is empty, the gradient is
  ///     not needed (as in the first layer of a network), and its computation is skipped.
  mutating func backward(
    _ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor)

  /// Visits every parameter, in a fixed order, under its name within the layer: `weight`, `bias`.
  ///
  /// Use this to modify parameters; to read them, use ``parameters`` and ``buffers``.
  mutating func visitParameters(_ visit: (String, inout Parameter) throws -> Void) rethrows

  /// Visits every tensor that belongs to the model but is not a learned parameter: the running statistics.
  mutating func visitBuffers(_ visit: (String, inout Tensor) throws -> Void) rethrows
}

// The defaults: most layers have no parameters, no buffers, and no multiply-adds that count.
extension Layer {
  public var kind: String { String(describing: Self.self) }
  public func multiplyAdds(for input: Shape) -> Int { 0 }
  public mutating func initialize(using generator: inout SeededGenerator) {}
  public mutating func visitParameters(_ visit: (String, inout Parameter) throws -> Void) rethrows {}
  public mutating func visitBuffers(_ visit: (String, inout Tensor) throws -> Void) rethrows {}
}

// Read-only access to a model.
extension Layer {
  /// Every parameter under its name, in the order of ``visitParameters(_:)``.
  ///
  /// The tensors share their storage with the model until one of the two is written, so listing them copies no numbers.
  /// A training step modifies the parameters and therefore uses `visitParameters` instead.
  public var parameters: [(name: String, parameter: Parameter)] {
    var (copy, list) = (self, [(name: String, parameter: Parameter)]())
    copy.visitParameters { list.append(($0, $1)) }
    return list
  }

  /// Every buffer under its name, in the order of ``visitBuffers(_:)``.
  public var buffers: [(name: String, value: Tensor)] {
    var (copy, list) = (self, [(name: String, value: Tensor)]())
    copy.visitBuffers { list.append(($0, $1)) }
    return list
  }

  /// The number of learned values.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.parameter.value.count } }
}

// For examples, tests and exercises: the same methods with newly allocated tensors.
extension Layer {
  /// Returns the output of a batch.
  public mutating func forward(_ input: Tensor, mode: Mode = .inference, seed: UInt64 = 0) -> Tensor {
    var output = Tensor.empty
    var pass = Pass(mode, generator: SeededGenerator(seed: seed))
    forward(input, into: &output, in: &pass)
    return output
  }

  /// Returns ∂L/∂input of a batch, and stores the gradients of the parameters in the layer.
  public mutating func backward(_ outputGradient: Tensor, input: Tensor, output: Tensor) -> Tensor {
    var inputGradient = Tensor(zeros: input.shape)
    backward(outputGradient, input: input, output: output, into: &inputGradient)
    return inputGradient
  }
}

/// Whether a network is being trained or used for inference.
public enum Mode: Sendable {
  /// Uses batch statistics and dropout, and keeps everything that `backward` needs.
  case training
  /// Uses running statistics and no randomness.
  case inference
}

/// The context of one forward pass: its mode and its random number generator.
public struct Pass: Sendable {
  /// Training or inference.
  public var mode: Mode
  /// The source of randomness for dropout and similar layers.
  public var generator: SeededGenerator

  /// Creates the context of a pass.
  public init(_ mode: Mode, generator: SeededGenerator = SeededGenerator(seed: 0)) {
    self.mode = mode
    self.generator = generator
  }
}
