// What every layer can do: say its output shape, run forward, run backward.

import Tensors

/// One step of a network: a function of its input and its parameters, with a derivative.
///
/// A layer is a value. It owns its parameters and their gradients, and nothing of the data that flows through:
/// inputs and outputs are handed in by the ``Sequential`` around it, which keeps one workspace for each.
/// So a forward pass allocates nothing after the first batch, and a copied model is a snapshot.
///
/// Shapes are those of one sample, `[C, H, W]` or `[features]`; tensors carry the batch in front, `[N, C, H, W]`.
public protocol Layer: Sendable {
  /// The layer's kind as tables print it: `Conv2D`.
  var kind: String { get }

  /// The shape of one output sample for an input sample of shape `input`.
  ///
  /// - Throws: ``ShapeError`` with what the layer expects, what it receives, and the arithmetic.
  func outputShape(for input: Shape) throws(ShapeError) -> Shape

  /// The multiply-adds of convolutions and dense layers for one sample; everything else counts as 0.
  func multiplyAdds(for input: Shape) -> Int

  /// Draws fresh initial parameters, and resets running statistics.
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
  /// Gradients of parameters overwrite the old ones: there is no need to zero them in between.
  ///
  /// - Parameters:
  ///   - outputGradient: ∂L/∂output, [N, …].
  ///   - input: what `forward` was given.
  ///   - output: what `forward` gave.
  ///   - inputGradient: ∂L/∂input; already of the input's shape, overwritten. Where it is empty no one asked
  ///     for it (the first layer of a network), and the work is left out.
  mutating func backward(
    _ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor)

  /// Visits every parameter, in a fixed order, under its name within the layer: `weight`, `bias`.
  ///
  /// This is for writers; readers have ``parameters`` and ``buffers``.
  mutating func visitParameters(_ visit: (String, inout Parameter) throws -> Void) rethrows

  /// Visits every value that is neither parameter nor data but belongs to the model: running statistics.
  mutating func visitBuffers(_ visit: (String, inout Tensor) throws -> Void) rethrows
}

// Most layers have no parameters, no buffers and no products worth counting.
extension Layer {
  public var kind: String { String(describing: Self.self) }
  public func multiplyAdds(for input: Shape) -> Int { 0 }
  public mutating func initialize(using generator: inout SeededGenerator) {}
  public mutating func visitParameters(_ visit: (String, inout Parameter) throws -> Void) rethrows {}
  public mutating func visitBuffers(_ visit: (String, inout Tensor) throws -> Void) rethrows {}
}

// For readers of a model.
extension Layer {
  /// Every parameter under its name, in the order of ``visitParameters(_:)``.
  ///
  /// Its tensors are the model's own, and stay so until one side is written: to list them copies no numbers. A training
  /// step writes, so it visits them instead.
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

// For examples, tests and exercises: the same with fresh tensors.
extension Layer {
  /// Returns the output of a batch.
  public mutating func forward(_ input: Tensor, mode: Mode = .inference, seed: UInt64 = 0) -> Tensor {
    var output = Tensor.empty
    var pass = Pass(mode, generator: SeededGenerator(seed: seed))
    forward(input, into: &output, in: &pass)
    return output
  }

  /// Returns ∂L/∂input of a batch, and leaves the gradients of the parameters in the layer.
  public mutating func backward(_ outputGradient: Tensor, input: Tensor, output: Tensor) -> Tensor {
    var inputGradient = Tensor(zeros: input.shape)
    backward(outputGradient, input: input, output: output, into: &inputGradient)
    return inputGradient
  }
}

/// Whether a network is learning or being used.
public enum Mode: Sendable {
  /// Batch statistics, dropout, and everything kept that `backward` needs.
  case training
  /// Running statistics, no randomness.
  case inference
}

/// The circumstances of one forward pass: its mode, and its randomness.
public struct Pass: Sendable {
  /// Training or inference.
  public var mode: Mode
  /// The randomness of dropout and its kin.
  public var generator: SeededGenerator

  /// Creates the circumstances of a pass.
  public init(_ mode: Mode, generator: SeededGenerator = SeededGenerator(seed: 0)) {
    self.mode = mode
    self.generator = generator
  }
}
