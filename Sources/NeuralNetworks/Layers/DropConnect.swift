// A dense layer that drops random weights instead of units.

import Tensors

/// DropConnect: a dense layer y = x·(M ∘ W)ᵀ/(1 − p) + b, in which each weight is dropped with probability p.
///
/// One mask M is drawn for each batch. The division preserves the expectation, so inference uses W unchanged. (The
/// paper draws a mask for each sample and approximates inference by a Gaussian; neither is implemented here.)
/// Shapes: [N, in] → [N, out]; weights [out, in], biases [out].
/// - Source: Wan et al. 2013, PMLR 28(3).
public struct DropConnect: Layer {
  /// p, in [0, 1).
  public let rate: Float
  /// W and b, and the gradients of both.
  public var dense: Dense

  /// M/(1 − p) of the last forward pass; empty in inference.
  private var mask = Tensor.empty
  /// The dense layer with the weights M ∘ W/(1 − p) of the last training pass.
  private var thinned: Dense

  /// Creates a layer that drops each weight with probability `rate`.
  public init(
    _ inputs: Int, _ outputs: Int, dropping rate: Float, bias: Bool = true, initializer: Initializer = .lecunUniform
  ) {
    demand(rate >= 0 && rate < 1, "DropConnect: the rate must lie in [0, 1), got \(rate)")
    self.rate = rate
    dense = Dense(inputs, outputs, bias: bias, initializer: initializer)
    thinned = dense
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    try refuse(kind, from: dense.inputs, to: dense.outputs, input)
    if input == [dense.inputs] { return [dense.outputs] }
    throw ShapeError(kind, expected: "\(dense.inputs) features", received: input)
  }

  public func multiplyAdds(for input: Shape) -> Int { dense.multiplyAdds(for: input) }

  public mutating func initialize(using generator: inout SeededGenerator) { dense.initialize(using: &generator) }

  public mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    thinned = dense
    guard pass.mode == .training else {
      mask = .empty
      return dense.forward(input, into: &output, in: &pass)
    }
    mask.resize(to: dense.weight.value.shape)
    mask.withUnsafeMutableElements { pass.generator.fillMask($0, dropping: rate, keeping: 1 / (1 - rate)) }
    thin(&thinned.weight.value)
    thinned.forward(input, into: &output, in: &pass)
  }

  /// ∂L/∂W = M ∘ (∂L/∂yᵀ·x)/(1 − p): a dropped weight has gradient 0.
  public mutating func backward(
    _ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor
  ) {
    thinned.backward(outputGradient, input: input, output: output, into: &inputGradient)
    dense.weight.gradient = thinned.weight.gradient
    if let bias = thinned.bias { dense.bias?.gradient = bias.gradient }
    if !mask.isEmpty { thin(&dense.weight.gradient) }
  }

  public mutating func visitParameters(_ visit: (String, inout Parameter) throws -> Void) rethrows {
    try dense.visitParameters(visit)
  }

  /// Multiplies by the mask.
  private func thin(_ weights: inout Tensor) {
    mask.withUnsafeElements { mask in
      weights.withUnsafeMutableElements { w in for i in w.indices { w[i] *= mask[i] } }
    }
  }
}
