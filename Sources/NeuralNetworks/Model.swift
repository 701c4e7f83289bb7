// A network with checked shapes and initialized weights.

import Basics
import Tensors

/// A network for inputs of one shape, with layers whose shapes have been checked and weights that have been
/// initialized.
///
///     var model = try Model(LeNet5().layers, input: [1, 32, 32], seed: 1)
///     print(model)
///
/// A model is a value: a copy is a snapshot of all weights.
public struct Model: Layer {
  /// The layers.
  public var layers: Sequential
  /// The shape of one input sample.
  public let inputShape: Shape
  /// The shape of one output sample.
  public let outputShape: Shape
  /// The outputs of the last ``step(_:_:_:in:)``, [N, …].
  public private(set) var output = Tensor.empty
  private var outputGradient = Tensor.empty

  /// Checks all shapes and draws the initial weights.
  ///
  /// - Parameters:
  ///   - layers: the network.
  ///   - input: the shape of one sample, [C, H, W] or [features].
  ///   - seed: the seed of the initial weights; equal seeds give equal weights.
  /// - Throws: ``ShapeError`` that names the first layer that does not fit.
  public init(_ layers: Sequential, input: Shape, seed: UInt64) throws(ShapeError) {
    inputShape = input
    outputShape = try layers.outputShape(for: input)
    self.layers = layers
    var generator = SeededGenerator(seed: seed, stream: 0x5EED)
    self.layers.initialize(using: &generator)
  }

  /// Throws unless a tensor of shape `batch` is a batch of this model's inputs, [N] + ``inputShape``.
  ///
  /// The shape of a batch is known only at run time; where this method throws, `forward` stops the program.
  public func check(batch: Shape) throws(ShapeError) {
    if batch.rank == inputShape.rank + 1 && batch.withoutBatch == inputShape { return }
    let axes = inputShape.dimensions.map(String.init).joined(separator: ", ")
    let arithmetic: String
    if batch == inputShape {
      arithmetic = "the batch axis is missing: a batch of one is \(batch.batched(1))"
    } else if batch.rank != inputShape.rank + 1 {
      arithmetic = "\(inputShape.rank + 1) axes are expected, the batch first, but the input has \(batch.rank)"
    } else if inputShape.rank == 3, batch[3] == inputShape[0], batch[1] != inputShape[0] {
      arithmetic = "the channels are last, but must come first: \(Shape([batch[0], batch[3], batch[1], batch[2]]))"
    } else {
      arithmetic = "one sample is \(batch.withoutBatch), but the model was built for \(inputShape)"
    }
    throw ShapeError(kind, expected: "a batch [N, \(axes)]", received: batch, arithmetic: arithmetic)
  }

  // MARK: Training

  /// Runs the forward pass, computes the loss, and runs the backward pass: a whole training step except the update.
  ///
  /// Stores ∂L/∂θ in every parameter and the outputs in ``output``. After the first batch of a given size, it allocates
  /// no memory.
  ///
  /// - Parameters:
  ///   - inputs: [N] + ``inputShape``.
  ///   - target: the desired outputs.
  ///   - loss: the loss function.
  ///   - pass: the mode, usually training, and the randomness of this step.
  /// - Returns: the loss of the batch.
  @discardableResult
  public mutating func step(_ inputs: Tensor, _ target: Target, _ loss: any Loss, in pass: inout Pass) -> Double {
    demandBatch(inputs.shape)
    layers.forward(inputs, into: &output, in: &pass)
    let value = loss.evaluate(output, target, gradient: &outputGradient)
    // Stays empty: the gradient with respect to the inputs is not needed.
    var unwanted = Tensor.empty
    layers.backward(outputGradient, input: inputs, output: output, into: &unwanted)
    return value
  }

  private func demandBatch(_ shape: Shape) {
    do throws(ShapeError) { try check(batch: shape) } catch { demand(false, error.description) }
  }

  // MARK: Layer

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape { try layers.outputShape(for: input) }
  public func multiplyAdds(for input: Shape) -> Int { layers.multiplyAdds(for: input) }

  public mutating func initialize(using generator: inout SeededGenerator) { layers.initialize(using: &generator) }

  public mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    demandBatch(input.shape)
    layers.forward(input, into: &output, in: &pass)
  }

  public mutating func backward(
    _ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor
  ) {
    layers.backward(outputGradient, input: input, output: output, into: &inputGradient)
  }

  public mutating func visitParameters(_ visit: (String, inout Parameter) throws -> Void) rethrows {
    try layers.visitParameters(visit)
  }

  public mutating func visitBuffers(_ visit: (String, inout Tensor) throws -> Void) rethrows {
    try layers.visitBuffers(visit)
  }

  // MARK: Summary

  /// One row of a model's table.
  public struct SummaryRow: Hashable, Sendable {
    /// The layer's name and kind.
    public var name: String
    /// The layer's kind: `Conv2D`.
    public var kind: String
    /// The shape of one output sample.
    public var output: Shape
    /// The number of learned values.
    public var parameters: Int
    /// The number of multiply-adds for one sample.
    public var multiplyAdds: Int
  }

  /// The table of the model, with one row for each layer.
  public var rows: [SummaryRow] {
    var shape = inputShape
    return layers.entries.map { entry in
      let work = entry.layer.multiplyAdds(for: shape)
      shape = (try? entry.layer.outputShape(for: shape)) ?? shape
      return SummaryRow(
        name: entry.name, kind: entry.layer.kind, output: shape, parameters: entry.layer.parameterCount,
        multiplyAdds: work)
    }
  }
}

extension Model: CustomStringConvertible {
  /// The table of the model as text: layer, kind, output shape, parameters and multiply-adds, with totals.
  public var description: String {
    let rows = rows
    var cells = [["layer", "kind", "output", "parameters", "multiply-adds"]]
    func number(_ value: Int) -> String { grouped(value, always: true) }
    cells += rows.map { [$0.name, $0.kind, "\($0.output)", number($0.parameters), number($0.multiplyAdds)] }
    let sums = (rows.reduce(0) { $0 + $1.parameters }, rows.reduce(0) { $0 + $1.multiplyAdds })
    cells.append(["total", "", "\(outputShape)", number(sums.0), number(sums.1)])
    let widths = (0..<5).map { column in cells.map { $0[column].count }.max() ?? 0 }
    return cells.map { row in
      row.enumerated().map { column, text in
        let space = String(repeating: " ", count: widths[column] - text.count)
        return column < 3 ? text + space : space + text
      }.joined(separator: "  ")
    }.joined(separator: "\n")
  }
}
