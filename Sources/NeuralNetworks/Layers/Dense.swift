// The fully connected layer.

import Tensors

/// A fully connected layer: y = x·Wᵀ + b.
///
/// Shapes: [N, in] → [N, out]; weights [out, in], biases [out].
/// Initial values: weights from `initializer` (by default LeCun uniform, ±√(3/in)), biases 0.
public struct Dense: Layer {
  /// The number of input features.
  public let inputs: Int
  /// The number of units.
  public let outputs: Int
  /// W, [out, in]: row j holds the weights of unit j.
  public var weight: Parameter
  /// b, [out], or nil if the layer has none.
  public var bias: Parameter?
  /// The distribution of the initial weights.
  public var initializer: Initializer

  private var map: LinearMap

  /// Creates a layer whose weights are 0; the enclosing model initializes them.
  public init(_ inputs: Int, _ outputs: Int, bias: Bool = true, initializer: Initializer = .lecunUniform) {
    self.inputs = inputs
    self.outputs = outputs
    self.initializer = initializer
    map = LinearMap(inputs: inputs, outputs: outputs)
    weight = Parameter([max(0, outputs), max(0, inputs)])
    self.bias = bias ? Parameter([max(0, outputs)], decays: false) : nil
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    try refuse(kind, from: inputs, to: outputs, input)
    if input == [inputs] { return [outputs] }
    let arithmetic =
      switch input.rank {
      case 1: "Dense(\(input[0]), \(outputs)) would accept them"
      case 0: "a vector has one axis"
      default:
        input.count == inputs
          ? "put Flatten() in front: \(product(input)) = \(inputs)"
          : "with Flatten() in front, the input would have \(product(input)) = \(input.count) features"
      }
    throw ShapeError(kind, expected: "\(inputs) features", received: input, arithmetic: arithmetic)
  }

  public func multiplyAdds(for input: Shape) -> Int { inputs * outputs }

  public mutating func initialize(using generator: inout SeededGenerator) {
    initializer.fill(&weight.value, using: &generator)
    bias?.value.fill(0)
  }

  public mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    demand(
      input.shape.rank == 2 && input.shape[1] == inputs, "Dense: [N, \(inputs)] expected, got \(input.shape)")
    map.forward(input, weight: weight.value, bias: bias?.value, into: &output)
  }

  public mutating func backward(
    _ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor
  ) {
    map.weightGradient(outputGradient, input: input, into: &weight.gradient)
    // Stays empty if there is no bias: `LinearMap` leaves an empty tensor unchanged.
    var biasGradient = Tensor.empty
    bias?.exchangeGradient(with: &biasGradient)
    map.biasGradient(outputGradient, into: &biasGradient)
    bias?.exchangeGradient(with: &biasGradient)
    if !inputGradient.isEmpty { map.inputGradient(outputGradient, weight: weight.value, into: &inputGradient) }
  }

  public mutating func visitParameters(_ visit: (String, inout Parameter) throws -> Void) rethrows {
    try visit("weight", &weight)
    try bias?.visit(as: "bias", visit)
  }
}
