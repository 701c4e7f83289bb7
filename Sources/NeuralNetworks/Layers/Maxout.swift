// Maxout: units that learn their activation function.

import Tensors

/// Maxout: each unit is the largest of `pieces` linear maps, yⱼ = maxᵢ (wⱼᵢ·x + bⱼᵢ). Only the largest map receives the
/// gradient.
///
/// Shapes: [N, in] → [N, out]; weights [out·pieces, in], with the pieces of a unit adjacent; biases [out·pieces].
/// A unit never saturates and never dies, at the cost of `pieces` times the parameters.
/// - Source: Goodfellow et al. 2013, arXiv:1302.4389, eq. 2.
public struct Maxout: Layer {
  /// The number of units.
  public let outputs: Int
  /// The number of linear maps of each unit.
  public let pieces: Int
  /// All linear maps as one dense layer.
  private var maps: Dense
  /// The outputs of the maps in the last forward pass, [N, out·pieces].
  private var candidates = Tensor.empty
  private var candidateGradient = Tensor.empty

  /// Creates a layer whose weights are 0; the enclosing model initializes them.
  public init(_ inputs: Int, _ outputs: Int, pieces: Int = 2, initializer: Initializer = .lecunUniform) {
    self.outputs = outputs
    self.pieces = pieces
    maps = Dense(inputs, outputs * pieces, initializer: initializer)
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    try refuse(kind, unless: pieces > 0, "pieces", "a maximum over \(pieces) outputs is undefined", input)
    try refuse(kind, from: maps.inputs, to: outputs, input)
    _ = try maps.outputShape(for: input)
    return [outputs]
  }

  public func multiplyAdds(for input: Shape) -> Int { maps.multiplyAdds(for: input) }

  public mutating func initialize(using generator: inout SeededGenerator) { maps.initialize(using: &generator) }

  public mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    maps.forward(input, into: &candidates, in: &pass)
    output.resize(to: Shape(input.shape[0], outputs))
    let pieces = pieces
    candidates.withUnsafeElements { z in
      output.withUnsafeMutableElements { y in
        for unit in y.indices { y[unit] = z[unit * pieces..<(unit + 1) * pieces].max() ?? 0 }
      }
    }
  }

  public mutating func backward(
    _ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor
  ) {
    candidateGradient.resize(to: candidates.shape)
    let pieces = pieces
    candidateGradient.withUnsafeMutableElements { dz in
      dz.update(repeating: 0)
      candidates.withUnsafeElements { z in
        for (unit, gradient) in outputGradient.elements.enumerated() {
          var winner = unit * pieces
          for piece in unit * pieces..<(unit + 1) * pieces where z[piece] > z[winner] { winner = piece }
          dz[winner] = gradient
        }
      }
    }
    maps.backward(candidateGradient, input: input, output: candidates, into: &inputGradient)
  }

  public mutating func visitParameters(_ visit: (String, inout Parameter) throws -> Void) rethrows {
    try maps.visitParameters(visit)
  }
}
