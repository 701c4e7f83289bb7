// Average and max pooling.

import Tensors

/// Average pooling: each output is the mean of the pixels under its window.
///
/// Shapes: [N, C, H, W] → [N, C, H′, W′]. Windows may overlap (stride below kernel).
public struct AveragePool: Layer {
  /// Kernel, stride, padding, dilation and rounding.
  public let window: Window
  /// Whether the mean includes the border.
  public let countsPadding: Bool
  /// All sizes for the image size of the last batch.
  private var geometry: PoolingGeometry?

  /// Creates a layer; without a stride the windows tile the image.
  public init(
    _ kernel: Extent, stride: Extent? = nil, padding: Padding = 0, dilation: Extent = 1, roundsUp: Bool = false,
    countsPadding: Bool = true
  ) {
    window = Window(
      kernel: kernel, stride: stride ?? kernel, padding: padding, dilation: dilation, roundsUp: roundsUp)
    self.countsPadding = countsPadding
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape { try pooledShape(kind, window, input) }

  public mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    Kernels.averagePool(input, geometry: prepare(for: input.shape), into: &output)
  }

  public mutating func backward(
    _ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor
  ) {
    if inputGradient.isEmpty { return }
    Kernels.averagePoolGradient(outputGradient, geometry: prepare(for: input.shape), into: &inputGradient)
  }

  private mutating func prepare(for shape: Shape) -> PoolingGeometry {
    preparedGeometry(&geometry, "AveragePool", window, shape, countsPadding: countsPadding)
  }
}

/// Max pooling: each output is the largest pixel under its window; only that pixel receives the gradient.
///
/// Shapes: [N, C, H, W] → [N, C, H′, W′]. Windows may overlap, as in AlexNet (3×3, stride 2). The border counts as −∞.
/// If several pixels are equal, the first in reading order receives the gradient.
public struct MaxPool: Layer {
  /// Kernel, stride, padding, dilation and rounding.
  public let window: Window
  /// All sizes for the image size of the last batch.
  private var geometry: PoolingGeometry?

  /// Creates a layer; without a stride the windows tile the image.
  public init(
    _ kernel: Extent, stride: Extent? = nil, padding: Padding = 0, dilation: Extent = 1, roundsUp: Bool = false
  ) {
    window = Window(
      kernel: kernel, stride: stride ?? kernel, padding: padding, dilation: dilation, roundsUp: roundsUp)
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape { try pooledShape(kind, window, input) }

  public mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    Kernels.maxPool(input, geometry: prepare(for: input.shape), into: &output)
  }

  public mutating func backward(
    _ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor
  ) {
    if inputGradient.isEmpty { return }
    let geometry = prepare(for: input.shape)
    Kernels.maxPoolGradient(outputGradient, input: input, geometry: geometry, into: &inputGradient)
  }

  private mutating func prepare(for shape: Shape) -> PoolingGeometry {
    preparedGeometry(&geometry, "MaxPool", window, shape)
  }
}

/// The output shape of a pooling window over one sample.
func pooledShape(_ kind: String, _ window: Window, _ input: Shape) throws(ShapeError) -> Shape {
  if let problem = window.problem {
    throw ShapeError(kind, expected: problem.expected, received: input, arithmetic: problem.arithmetic)
  }
  guard input.rank == 3 else {
    throw ShapeError(
      kind, expected: "[channels, height, width]", received: input, arithmetic: imageArithmetic(input, channels: nil))
  }
  guard let output = window.outputSize(over: Extent(input[1], input[2])) else {
    throw ShapeError(
      kind, expected: "an image of at least \(window.smallestImage)", received: input,
      arithmetic: window.arithmetic(over: Extent(input[1], input[2])))
  }
  return [input[0], output.height, output.width]
}

/// The geometry for a batch [N, C, H, W]: the prepared one, or a new one if the image size has changed.
private func preparedGeometry(
  _ prepared: inout PoolingGeometry?, _ kind: String, _ window: Window, _ shape: Shape, countsPadding: Bool = true
) -> PoolingGeometry {
  demand(shape.rank == 4, "\(kind): [N, C, H, W] expected, got \(shape)")
  let image = Extent(shape[2], shape[3])
  if let prepared, prepared.image == image { return prepared }
  guard let geometry = PoolingGeometry(image: image, window: window, countsPadding: countsPadding) else {
    fatalError("\(kind): the window does not fit: \(window.arithmetic(over: image))")
  }
  prepared = geometry
  return geometry
}
