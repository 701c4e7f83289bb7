// The convolution layer.

import Tensors

/// A two-dimensional convolution: y[m] = b[m] + Σ_c w[m, c] ⋆ x[c], the same small kernel at every place of an image.
///
/// Shapes: [N, C, H, W] → [N, M, H′, W′] with H′ = ⌊(H + 2·padding − dilation·(kernel − 1) − 1)/stride⌋ + 1.
/// Weights [M, C/groups, kernel, kernel], biases [M].
/// As everywhere in the field, the operation is a cross-correlation: the kernel is not flipped.
/// - Source: LeCun et al. 1998, doi:10.1109/5.726791; Dumoulin and Visin 2016, arXiv:1603.07285.
public struct Conv2D: Layer {
  /// Input channels C.
  public let inputs: Int
  /// Output channels M.
  public let outputs: Int
  /// Kernel, stride, padding, dilation.
  public let window: Window
  /// Independent groups of channels; `inputs` of them is a depthwise convolution.
  public let groups: Int
  /// The kernels, [M, C/groups, kernel height, kernel width].
  public var weight: Parameter
  /// b, [M], or nil where the layer has none.
  public var bias: Parameter?
  /// Where the weights start.
  public var initializer: Initializer

  /// The kernel prepared for the size of image seen last.
  private var convolution: Convolution?

  /// Creates a layer with weights of 0; the model around it draws them.
  public init(
    _ inputs: Int, _ outputs: Int, kernel: Extent, stride: Extent = 1, padding: Padding = 0, dilation: Extent = 1,
    groups: Int = 1, bias: Bool = true, initializer: Initializer = .lecunUniform
  ) {
    demand(
      inputs > 0 && outputs > 0 && groups > 0 && inputs % groups == 0 && outputs % groups == 0,
      "Conv2D: \(groups) groups must divide \(inputs) input and \(outputs) output channels")
    self.inputs = inputs
    self.outputs = outputs
    self.groups = groups
    self.initializer = initializer
    window = Window(kernel: kernel, stride: stride, padding: padding, dilation: dilation)
    weight = Parameter([outputs, inputs / groups, kernel.height, kernel.width])
    self.bias = bias ? Parameter([outputs], decays: false) : nil
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    guard input.rank == 3, input[0] == inputs else {
      throw ShapeError(
        kind, expected: "[\(inputs), height, width]", received: input,
        arithmetic: input.rank == 3
          ? "\(input[0]) channels arrive, \(inputs) are expected" : "an image has three axes, channels first")
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
    // A group's fans are those of its own channels.
    let area = window.kernel.area
    initializer.fill(
      &weight.value, fans: Fans(fanIn: inputs / groups * area, fanOut: outputs / groups * area), using: &generator)
    bias?.value.fill(0)
  }

  public mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    prepare(for: input)
    convolution?.forward(input, weight: weight.value, bias: bias?.value, into: &output)
  }

  public mutating func backward(
    _ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor
  ) {
    prepare(for: input)
    if bias == nil {
      var none = Tensor.empty
      convolution?.weightGradient(outputGradient, input: input, into: &weight.gradient, bias: &none)
    } else {
      convolution?.weightGradient(outputGradient, input: input, into: &weight.gradient, bias: &bias!.gradient)
    }
    if inputGradient.isEmpty { return }
    convolution?.inputGradient(outputGradient, weight: weight.value, into: &inputGradient)
  }

  public mutating func visitParameters(_ visit: (String, inout Parameter) throws -> Void) rethrows {
    try visit("weight", &weight)
    if bias != nil { try visit("bias", &bias!) }
  }

  private func geometry(_ image: Extent) -> ConvolutionGeometry? {
    ConvolutionGeometry(channels: inputs, filters: outputs, image: image, window: window, groups: groups)
  }

  /// Makes the kernel ready for the size of `input`, once.
  private mutating func prepare(for input: Tensor) {
    let shape = input.shape
    demand(shape.rank == 4 && shape[1] == inputs, "Conv2D: [N, \(inputs), H, W] expected, got \(shape)")
    let image = Extent(shape[2], shape[3])
    if convolution?.geometry.image == image { return }
    convolution = geometry(image).map(Convolution.init)
    demand(convolution != nil, "Conv2D: the window does not fit: \(window.arithmetic(over: image))")
  }
}
