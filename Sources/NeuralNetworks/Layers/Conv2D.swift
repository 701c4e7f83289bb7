// The convolution layer.

import Tensors

/// A two-dimensional convolution: y[m] = b[m] + Σ_c w[m, c] ⋆ x[c], the same small kernel at every position of an
/// image.
///
/// Shapes: [N, C, H, W] → [N, M, H′, W′] with H′ = ⌊(H + 2·padding − dilation·(kernel − 1) − 1)/stride⌋ + 1.
/// Weights [M, C/groups, kernel, kernel], biases [M].
/// As usual in deep learning, the operation is a cross-correlation: the kernel is not flipped.
/// - Source: LeCun et al. 1998, doi:10.1109/5.726791; Dumoulin and Visin 2016, arXiv:1603.07285.
public struct Conv2D: Layer {
  /// Input channels C.
  public let inputs: Int
  /// Output channels M.
  public let outputs: Int
  /// Kernel, stride, padding, dilation.
  public let window: Window
  /// The number of independent groups of channels; if it equals `inputs`, the convolution is depthwise.
  public let groups: Int
  /// The kernels, [M, C/groups, kernel height, kernel width].
  public var weight: Parameter
  /// b, [M], or nil if the layer has none.
  public var bias: Parameter?
  /// The distribution of the initial weights.
  public var initializer: Initializer

  /// The kernel prepared for the image size of the last batch.
  private var convolution: Convolution?

  /// Creates a layer whose weights are 0; the enclosing model initializes them.
  ///
  /// `outputShape(for:)` rejects invalid sizes, such as a stride of 0 or groups that do not divide the channels.
  ///
  /// - Parameters:
  ///   - inputs: the number of input channels C.
  ///   - outputs: the number of output channels M.
  ///   - kernel: the height and width of the kernel.
  ///   - stride: the step from one position to the next.
  ///   - padding: the border of zeros around the image.
  ///   - dilation: the distance between neighbouring taps.
  ///   - groups: the number of independent groups of channels.
  ///   - bias: whether the layer has biases.
  ///   - initializer: the distribution of the initial weights.
  public init(
    _ inputs: Int, _ outputs: Int, kernel: Extent, stride: Extent = 1, padding: Padding = 0, dilation: Extent = 1,
    groups: Int = 1, bias: Bool = true, initializer: Initializer = .lecunUniform
  ) {
    self.inputs = inputs
    self.outputs = outputs
    self.groups = groups
    self.initializer = initializer
    window = Window(kernel: kernel, stride: stride, padding: padding, dilation: dilation)
    weight = Parameter([
      max(0, outputs), max(0, inputs) / max(1, groups), max(0, kernel.height), max(0, kernel.width),
    ])
    self.bias = bias ? Parameter([max(0, outputs)], decays: false) : nil
  }

  /// Why the layer is invalid for every input, or nil.
  private var problem: (expected: String, arithmetic: String)? {
    if inputs < 1 || outputs < 1 { return ("channels", "a layer from \(inputs) to \(outputs) channels does nothing") }
    for (channels, kind) in [(inputs, "input"), (outputs, "output")] where groups < 1 || channels % groups != 0 {
      let quotient = groups < 1 ? "" : ": \(channels) = \(channels / groups)·\(groups) + \(channels % groups)"
      return (
        "groups that divide \(inputs) input and \(outputs) output channels",
        "\(groups) groups do not divide \(channels) \(kind) channels\(quotient)"
      )
    }
    return window.problem
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    if let problem {
      throw ShapeError(kind, expected: problem.expected, received: input, arithmetic: problem.arithmetic)
    }
    guard input.rank == 3, input[0] == inputs else {
      throw ShapeError(
        kind, expected: "[\(inputs), height, width]", received: input,
        arithmetic: imageArithmetic(input, channels: inputs) { "Conv2D(\($0), \(outputs), …) would accept them" })
    }
    guard let output = window.outputSize(over: Extent(input[1], input[2])) else {
      throw ShapeError(
        kind, expected: "an image of at least \(window.smallestImage)", received: input,
        arithmetic: window.arithmetic(over: Extent(input[1], input[2])))
    }
    return [outputs, output.height, output.width]
  }

  public func multiplyAdds(for input: Shape) -> Int { geometry(Extent(input[1], input[2]))?.multiplyAdds ?? 0 }

  public mutating func initialize(using generator: inout SeededGenerator) {
    // The fans count the channels of one group only.
    let area = window.kernel.area
    initializer.fill(
      &weight.value, fans: Fans(fanIn: inputs / groups * area, fanOut: outputs / groups * area), using: &generator)
    bias?.value.fill(0)
  }

  public mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    prepare(for: input)
    convolution?.forward(
      input, weight: weight.value, bias: bias?.value, keepsWeights: pass.mode == .inference, into: &output)
  }

  public mutating func backward(
    _ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor
  ) {
    prepare(for: input)
    // Stays empty if there is no bias: the kernel leaves an empty tensor unchanged.
    var biasGradient = Tensor.empty
    bias?.exchangeGradient(with: &biasGradient)
    convolution?.weightGradient(outputGradient, input: input, into: &weight.gradient, bias: &biasGradient)
    bias?.exchangeGradient(with: &biasGradient)
    if inputGradient.isEmpty { return }
    convolution?.inputGradient(outputGradient, weight: weight.value, into: &inputGradient)
  }

  public mutating func visitParameters(_ visit: (String, inout Parameter) throws -> Void) rethrows {
    try visit("weight", &weight)
    try bias?.visit(as: "bias", visit)
  }

  private func geometry(_ image: Extent) -> ConvolutionGeometry? {
    problem != nil
      ? nil
      : ConvolutionGeometry(channels: inputs, filters: outputs, image: image, window: window, groups: groups)
  }

  /// Prepares the kernel for the size of `input`, unless it is already prepared.
  private mutating func prepare(for input: Tensor) {
    let shape = input.shape
    demand(shape.rank == 4 && shape[1] == inputs, "Conv2D: [N, \(inputs), H, W] expected, got \(shape)")
    let image = Extent(shape[2], shape[3])
    if convolution?.geometry.image == image { return }
    convolution = geometry(image).map(Convolution.init)
    demand(
      convolution != nil, "Conv2D: the layer does not fit: \(problem?.arithmetic ?? window.arithmetic(over: image))")
  }
}
