// Residual blocks: layers that learn a correction to their input.

import Tensors

/// A residual block: y = max(0, F(x) + S(x)), where S is the identity or a projection.
///
/// The gradient reaches x through both branches, ∂L/∂x = F′ᵀg + S′ᵀg with g = ∂L/∂y where y > 0. With the identity, it
/// is not attenuated, however many blocks follow. Parameters are named as in torchvision: those of F after their layer
/// (`conv1.weight`, `bn1.bias`), those of S `downsample.0.weight`, `downsample.1.weight`, ….
/// - Source: He et al. 2016, arXiv:1512.03385, eq. 1 and 2, figure 5.
public struct ResidualBlock: Layer {
  /// F, without the last ReLU.
  public var residual: Sequential
  /// S, or nil for the identity.
  public var shortcut: Sequential?

  // Workspaces: the outputs of the two branches, the gradient g of their sum, and the shortcut's share of ∂L/∂x.
  private var residualOutput = Tensor.empty
  private var shortcutOutput = Tensor.empty
  private var sumGradient = Tensor.empty
  private var shortcutGradient = Tensor.empty

  /// Creates a block.
  public init(residual: Sequential, shortcut: Sequential? = nil) {
    self.residual = residual
    self.shortcut = shortcut
  }

  /// A basic block: two 3×3 convolutions, each with batch normalization; the first has the stride.
  ///
  /// - Parameters:
  ///   - inputs: the number of input channels.
  ///   - outputs: the number of output channels.
  ///   - stride: the stride of the first convolution and of the projection.
  ///   - hasProjection: whether the shortcut is a 1×1 convolution; by default, if the shapes differ.
  ///   - momentum: the momentum of the batch normalizations.
  ///   - epsilon: the ε of the batch normalizations.
  public static func basic(
    _ inputs: Int, _ outputs: Int, stride: Int = 1, projection hasProjection: Bool? = nil, momentum: Float = 0.1,
    epsilon: Float = 1e-5
  ) -> ResidualBlock {
    let norm = { (channels: Int) in BatchNorm(channels, momentum: momentum, epsilon: epsilon) }
    return ResidualBlock(
      residual: Sequential([
        "conv1": convolution(inputs, outputs, kernel: 3, stride: stride), "bn1": norm(outputs), "relu": ReLU(),
        "conv2": convolution(outputs, outputs, kernel: 3), "bn2": norm(outputs),
      ]),
      shortcut: hasProjection ?? (stride != 1 || inputs != outputs)
        ? Sequential([convolution(inputs, outputs, kernel: 1, stride: stride), norm(outputs)]) : nil)
  }

  /// A bottleneck block: a 1×1 convolution that reduces to `width` channels, a 3×3 convolution, and a 1×1 convolution
  /// that expands to `expansion`·`width` channels, each with batch normalization.
  ///
  /// The 3×3 convolution has the stride, as in torchvision; in the paper, the first 1×1 convolution has it.
  ///
  /// - Parameters:
  ///   - inputs: the number of input channels.
  ///   - width: the number of channels of the 3×3 convolution.
  ///   - expansion: the ratio of output channels to `width`.
  ///   - stride: the stride of the 3×3 convolution and of the projection.
  ///   - hasProjection: whether the shortcut is a 1×1 convolution; by default, if the shapes differ.
  ///   - momentum: the momentum of the batch normalizations.
  ///   - epsilon: the ε of the batch normalizations.
  public static func bottleneck(
    _ inputs: Int, width: Int, expansion: Int = 4, stride: Int = 1, projection hasProjection: Bool? = nil,
    momentum: Float = 0.1, epsilon: Float = 1e-5
  ) -> ResidualBlock {
    let norm = { (channels: Int) in BatchNorm(channels, momentum: momentum, epsilon: epsilon) }
    let outputs = expansion * width
    return ResidualBlock(
      residual: Sequential([
        "conv1": convolution(inputs, width, kernel: 1), "bn1": norm(width), "relu1": ReLU(),
        "conv2": convolution(width, width, kernel: 3, stride: stride), "bn2": norm(width), "relu2": ReLU(),
        "conv3": convolution(width, outputs, kernel: 1), "bn3": norm(outputs),
      ]),
      shortcut: hasProjection ?? (stride != 1 || inputs != outputs)
        ? Sequential([convolution(inputs, outputs, kernel: 1, stride: stride), norm(outputs)]) : nil)
  }

  /// A convolution without bias, because the following batch normalization would cancel it.
  private static func convolution(_ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1) -> Conv2D {
    Conv2D(
      inputs, outputs, kernel: Extent(kernel), stride: Extent(stride), padding: Padding(kernel / 2), bias: false,
      initializer: .scaled(.fanOut, .normal, gain: Float(2).squareRoot()))
  }

  // MARK: Layer

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    let output = try residual.outputShape(for: input)
    let shortcutShape = try shortcut?.outputShape(for: input) ?? input
    guard output == shortcutShape else {
      throw ShapeError(
        kind, expected: "a shortcut of shape \(output)", received: shortcutShape,
        arithmetic: "residual and shortcut are added; "
          + (shortcut == nil
            ? "a 1×1 convolution with the residual's stride in the shortcut" : "equal strides and channels")
          + " would make them equal")
    }
    return output
  }

  public func multiplyAdds(for input: Shape) -> Int {
    residual.multiplyAdds(for: input) + (shortcut?.multiplyAdds(for: input) ?? 0)
  }

  public mutating func initialize(using generator: inout SeededGenerator) {
    residual.initialize(using: &generator)
    shortcut?.initialize(using: &generator)
  }

  public mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    residual.forward(input, into: &residualOutput, in: &pass)
    shortcut?.forward(input, into: &shortcutOutput, in: &pass)
    let addend = shortcut == nil ? input : shortcutOutput
    output.resize(to: residualOutput.shape)
    demand(
      addend.count == residualOutput.count,
      "ResidualBlock: residual \(residualOutput.shape) and shortcut \(addend.shape) cannot be added")
    residualOutput.withUnsafeElements { a in
      addend.withUnsafeElements { b in
        output.withUnsafeMutableElements { y in
          for i in 0..<y.count {
            let sum = a[i] + b[i]
            y[i] = sum < 0 ? 0 : sum  // This form keeps NaN.
          }
        }
      }
    }
  }

  public mutating func backward(
    _ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor
  ) {
    sumGradient.resize(to: output.shape)
    outputGradient.withUnsafeElements { dy in
      output.withUnsafeElements { y in
        sumGradient.withUnsafeMutableElements { g in
          for i in 0..<g.count { g[i] = y[i] > 0 ? dy[i] : 0 }
        }
      }
    }
    residual.backward(sumGradient, input: input, output: residualOutput, into: &inputGradient)
    if shortcut != nil {
      shortcutGradient.resize(to: inputGradient.isEmpty ? [0] : input.shape)
      shortcut?.backward(sumGradient, input: input, output: shortcutOutput, into: &shortcutGradient)
    }
    if inputGradient.isEmpty { return }
    (shortcut == nil ? sumGradient : shortcutGradient).withUnsafeElements { more in
      inputGradient.withUnsafeMutableElements { dx in
        for i in 0..<dx.count { dx[i] += more[i] }
      }
    }
  }

  public mutating func visitParameters(_ visit: (String, inout Parameter) throws -> Void) rethrows {
    try residual.visitParameters(visit)
    try shortcut?.visitParameters { try visit("downsample." + $0, &$1) }
  }

  public mutating func visitBuffers(_ visit: (String, inout Tensor) throws -> Void) rethrows {
    try residual.visitBuffers(visit)
    try shortcut?.visitBuffers { try visit("downsample." + $0, &$1) }
  }
}
