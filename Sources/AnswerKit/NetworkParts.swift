// Networks as descriptions: an answer that builds one names its layers. The layers' computations are not here.

/// One step of a network.
public protocol Layer: Sendable {}

/// Height and width: `5` is 5×5.
public struct Extent: Hashable, Sendable, ExpressibleByIntegerLiteral {
  public var height: Int
  public var width: Int

  public init(_ height: Int, _ width: Int) { (self.height, self.width) = (height, width) }
  public init(_ side: Int) { self.init(side, side) }
  public init(integerLiteral side: Int) { self.init(side, side) }
}

/// The padding on each side.
public struct Padding: Hashable, Sendable, ExpressibleByIntegerLiteral {
  public var top: Int
  public var left: Int
  public var bottom: Int
  public var right: Int

  public init(top: Int, left: Int, bottom: Int, right: Int) {
    (self.top, self.left, self.bottom, self.right) = (top, left, bottom, right)
  }
  public init(_ width: Int) { self.init(top: width, left: width, bottom: width, right: width) }
  public init(integerLiteral width: Int) { self.init(width) }
}

/// Learned numbers.
public struct Parameter: Hashable, Sendable {
  public var value: Tensor
}

/// A fully connected layer; weights [outputs, inputs], biases [outputs].
public struct Dense: Layer {
  public let inputs: Int
  public let outputs: Int
  public var weight: Parameter
  public var bias: Parameter?

  public init(_ inputs: Int, _ outputs: Int, bias: Bool = true) {
    (self.inputs, self.outputs) = (inputs, outputs)
    weight = Parameter(value: Tensor(zeros: [max(0, outputs), max(0, inputs)]))
    self.bias = bias ? Parameter(value: Tensor(zeros: [max(0, outputs)])) : nil
  }
}

/// A convolution; weights [outputs, inputs/groups, height, width], biases [outputs].
public struct Conv2D: Layer {
  public let inputs: Int
  public let outputs: Int
  public var weight: Parameter
  public var bias: Parameter?
  var sizes: [Int]

  public init(
    _ inputs: Int, _ outputs: Int, kernel: Extent, stride: Extent = 1, padding: Padding = 0, dilation: Extent = 1,
    groups: Int = 1, bias: Bool = true
  ) {
    (self.inputs, self.outputs) = (inputs, outputs)
    sizes = kernel.wired + stride.wired + padding.wired + dilation.wired + [groups]
    weight = Parameter(
      value: Tensor(
        zeros: [max(0, outputs), max(0, inputs) / max(1, groups), max(0, kernel.height), max(0, kernel.width)]))
    self.bias = bias ? Parameter(value: Tensor(zeros: [max(0, outputs)])) : nil
  }
}

/// The mean under each window; by default the stride equals the kernel.
public struct AveragePool: Layer {
  var sizes: [Int]

  public init(_ kernel: Extent, stride: Extent? = nil, padding: Padding = 0, countsPadding: Bool = true) {
    sizes = kernel.wired + (stride ?? kernel).wired + padding.wired + [countsPadding ? 1 : 0]
  }
}

/// The largest value under each window; by default the stride equals the kernel.
public struct MaxPool: Layer {
  var sizes: [Int]

  public init(_ kernel: Extent, stride: Extent? = nil, padding: Padding = 0) {
    sizes = kernel.wired + (stride ?? kernel).wired + padding.wired
  }
}

/// The mean of each channel.
public struct GlobalAveragePool: Layer { public init() {} }

/// Flattens an image into a row of numbers.
public struct Flatten: Layer { public init() {} }

/// max(0, x).
public struct ReLU: Layer { public init() {} }

/// x above 0, `slope`·x below.
public struct LeakyReLU: Layer {
  var slope: Float
  public init(slope: Float = 0.01) { self.slope = slope }
}

/// The hyperbolic tangent.
public struct Tanh: Layer { public init() {} }

/// 1/(1 + e⁻ˣ).
public struct Sigmoid: Layer { public init() {} }

/// Converts logits to probabilities.
public struct Softmax: Layer { public init() {} }

/// Dropout.
public struct Dropout: Layer {
  var rate: Float
  public init(dropping rate: Float) { self.rate = rate }
}

/// Batch normalization.
public struct BatchNorm: Layer {
  var channels: Int
  public init(_ channels: Int) { self.channels = channels }
}

/// A sequence of named layers.
public struct Sequential: Layer {
  /// One layer and its name.
  public struct Entry: Sendable {
    public var name: String
    public var layer: any Layer

    public init(name: String, layer: any Layer) { (self.name, self.layer) = (name, layer) }
  }

  public var entries: [Entry]

  public init(_ entries: [Entry]) { self.entries = entries }
  public init(_ layers: [any Layer]) {
    self.init(layers.enumerated().map { Entry(name: "\($0.offset)", layer: $0.element) })
  }
  public init(_ layers: KeyValuePairs<String, any Layer>) {
    self.init(layers.map { Entry(name: $0.key, layer: $0.value) })
  }
}

// MARK: Encoding for the checker

extension Extent { fileprivate var wired: [Int] { [height, width] } }
extension Padding { fileprivate var wired: [Int] { [top, left, bottom, right] } }

extension Sequential: Wired {
  package var wire: Wire { .list([.text("Sequential")] + entries.map { Self.wire(of: $0.layer) }) }
  // Answers build networks and never receive them.
  package init?(wire: Wire) { nil }

  private static func wire(of layer: any Layer) -> Wire {
    func part(_ kind: String, _ details: Wire...) -> Wire { .list([.text(kind)] + details) }
    /// The numbers of a parameter if any were set.
    func numbers(_ parameter: Parameter?) -> Wire {
      guard let value = parameter?.value, value.elements.contains(where: { $0 != 0 }) else { return .list([]) }
      return value.wire
    }
    return switch layer {
    case let layer as Sequential: layer.wire
    case let layer as Dense:
      part(
        "Dense", .integers([layer.inputs, layer.outputs, layer.bias == nil ? 0 : 1]), numbers(layer.weight),
        numbers(layer.bias))
    case let layer as Conv2D:
      part(
        "Conv2D", .integers([layer.inputs, layer.outputs, layer.bias == nil ? 0 : 1] + layer.sizes),
        numbers(layer.weight), numbers(layer.bias))
    case let layer as AveragePool: part("AveragePool", .integers(layer.sizes))
    case let layer as MaxPool: part("MaxPool", .integers(layer.sizes))
    case let layer as LeakyReLU: part("LeakyReLU", .float(layer.slope))
    case let layer as Dropout: part("Dropout", .float(layer.rate))
    case let layer as BatchNorm: part("BatchNorm", .integers([layer.channels]))
    default: part(String(describing: type(of: layer)))
    }
  }
}
