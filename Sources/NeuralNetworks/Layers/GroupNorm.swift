// Normalization within one sample: over all its values, over groups of channels, or over single channels.

import Tensors

/// Group normalization: normalizes the channels of each sample in G groups, then scales and shifts each channel.
///
/// x̂ = (x − μ)/√(σ² + ε), y = γ·x̂ + β, with the mean μ and the biased variance σ² over one group of one sample and
/// all its positions. Nothing depends on the batch: training and inference are the same.
/// Shapes: [N, C] or [N, C, H, W], unchanged; γ and β are [C]. G = C is ``InstanceNorm``; G = 1 normalizes as
/// ``LayerNorm`` does, except that the γ and β of a `LayerNorm` belong to elements.
/// - Source: Wu and He 2018, arXiv:1803.08494, eq. 1–6.
public struct GroupNorm: Layer {
  /// C.
  public let channels: Int
  /// G, which divides C.
  public let groups: Int
  /// γ, initially 1.
  public var weight: Parameter
  /// β, initially 0.
  public var bias: Parameter
  private var normalization: SampleNormalization

  /// Creates a layer.
  public init(_ channels: Int, groups: Int, epsilon: Float = 1e-5) {
    self.channels = channels
    self.groups = groups
    weight = Parameter(Tensor([max(0, channels)], repeating: 1), decays: false)
    bias = Parameter([max(0, channels)], decays: false)
    normalization = SampleNormalization(groups: groups, epsilon: epsilon)
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    try refuse(
      kind, unless: channels > 0 && groups > 0 && channels % groups == 0, "groups that divide the channels",
      "\(channels) channels cannot be divided into \(groups) groups", input)
    guard input.rank >= 1, input[0] == channels, input.count > 0 else {
      throw ShapeError(
        kind, expected: "[\(channels)] or [\(channels), height, width]", received: input,
        arithmetic: input.rank == 1
          ? "the input has \(input[0]) features, \(channels) are expected" : imageArithmetic(input, channels: channels))
    }
    return input
  }

  public mutating func initialize(using generator: inout SeededGenerator) {
    weight.value.fill(1)
    bias.value.fill(0)
  }

  public mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    demand(input.shape.rank > 1 && input.shape[1] == channels, "GroupNorm: [N, \(channels), …], got \(input.shape)")
    normalization.forward(input, weight.value, bias.value, into: &output)
  }

  public mutating func backward(
    _ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor
  ) {
    normalization.backward(outputGradient, input, &weight, &bias, into: &inputGradient)
  }

  public mutating func visitParameters(_ visit: (String, inout Parameter) throws -> Void) rethrows {
    try visit("weight", &weight)
    try visit("bias", &bias)
  }
}

/// Instance normalization: normalizes each channel of each sample separately; a ``GroupNorm`` with one channel in each
/// group.
///
/// Shapes: [N, C, H, W], unchanged; γ and β are [C].
/// - Source: Ulyanov, Vedaldi and Lempitsky 2016, arXiv:1607.08022.
public struct InstanceNorm: Layer {
  private var norm: GroupNorm

  /// Creates a layer.
  public init(_ channels: Int, epsilon: Float = 1e-5) { norm = GroupNorm(channels, groups: channels, epsilon: epsilon) }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    do throws(ShapeError) { return try norm.outputShape(for: input) } catch {
      throw ShapeError(
        kind, expected: "[\(norm.channels), height, width]", received: input, arithmetic: error.arithmetic)
    }
  }
  public mutating func initialize(using generator: inout SeededGenerator) { norm.initialize(using: &generator) }
  public mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    norm.forward(input, into: &output, in: &pass)
  }
  public mutating func backward(
    _ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor
  ) {
    norm.backward(outputGradient, input: input, output: output, into: &inputGradient)
  }
  public mutating func visitParameters(_ visit: (String, inout Parameter) throws -> Void) rethrows {
    try norm.visitParameters(visit)
  }
}

/// Layer normalization: normalizes all values of a sample together, then scales and shifts each element.
///
/// x̂ = (x − μ)/√(σ² + ε), y = γ·x̂ + β, with the mean μ and the biased variance σ² over one sample.
/// Shapes: [N, …], unchanged; γ and β have the shape of a sample.
/// - Source: Ba, Kiros and Hinton 2016, arXiv:1607.06450, eq. 3.
public struct LayerNorm: Layer {
  /// The shape of a sample.
  public let shape: Shape
  /// γ, initially 1.
  public var weight: Parameter
  /// β, initially 0.
  public var bias: Parameter
  private var normalization: SampleNormalization

  /// Creates a layer for samples of the given shape.
  public init(_ shape: Shape, epsilon: Float = 1e-5) {
    self.shape = shape
    weight = Parameter(Tensor(shape, repeating: 1), decays: false)
    bias = Parameter(shape, decays: false)
    normalization = SampleNormalization(groups: 1, epsilon: epsilon)
  }

  /// The mean of each sample in the last forward pass.
  public var means: [Float] { normalization.means }
  /// 1/√(σ² + ε) of each sample in the last forward pass.
  public var inverseDeviations: [Float] { normalization.inverseDeviations }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    try refuse(kind, unless: shape.count > 0, "elements", "the shape \(shape) has none", input)
    guard input == shape else { throw ShapeError(kind, expected: "\(shape)", received: input) }
    return input
  }

  public mutating func initialize(using generator: inout SeededGenerator) {
    weight.value.fill(1)
    bias.value.fill(0)
  }

  public mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    demand(input.shape.withoutBatch == shape, "LayerNorm: [N] + \(shape) expected, got \(input.shape)")
    normalization.forward(input, weight.value, bias.value, into: &output)
  }

  public mutating func backward(
    _ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor
  ) {
    normalization.backward(outputGradient, input, &weight, &bias, into: &inputGradient)
  }

  public mutating func visitParameters(_ visit: (String, inout Parameter) throws -> Void) rethrows {
    try visit("weight", &weight)
    try visit("bias", &bias)
  }
}

/// The arithmetic shared by the three norms: each sample consists of G runs of memory, each normalized separately.
private struct SampleNormalization: Sendable {
  let groups: Int
  let epsilon: Float
  /// The statistics of each run in the last forward pass.
  var means: [Float] = []
  var inverseDeviations: [Float] = []

  init(groups: Int, epsilon: Float) {
    self.groups = groups
    self.epsilon = epsilon
  }

  mutating func forward(_ input: Tensor, _ weight: Tensor, _ bias: Tensor, into output: inout Tensor) {
    output.resize(to: input.shape)
    let runs = input.shape[0] * groups
    let (length, positions) = (input.count / max(1, runs), input.count / max(1, input.shape[0]) / weight.count)
    means = [Float](repeating: 0, count: runs)
    inverseDeviations = means
    let (gamma, beta) = (weight.elements, bias.elements)
    input.withUnsafeElements { x in
      output.withUnsafeMutableElements { y in
        for run in 0..<runs {
          // Two passes in double precision: the difference of squares would lose all digits for σ ≪ μ.
          let start = run * length
          var (sum, squares) = (0.0, 0.0)
          for i in start..<start + length { sum += Double(x[i]) }
          let mean = sum / Double(length)
          for i in start..<start + length { squares += (Double(x[i]) - mean) * (Double(x[i]) - mean) }
          let inverse = 1 / (squares / Double(length) + Double(epsilon)).squareRoot()
          (means[run], inverseDeviations[run]) = (Float(mean), Float(inverse))
          let first = run % groups * length
          for i in 0..<length {
            let p = (first + i) / positions
            y[start + i] = gamma[p] * Float((Double(x[start + i]) - mean) * inverse) + beta[p]
          }
        }
      }
    }
  }

  /// With g = γ·∂L/∂y: ∂L/∂x = (g − mean(g) − x̂·mean(g·x̂))/σ over each run; ∂L/∂γ = Σ ∂L/∂y·x̂, ∂L/∂β = Σ ∂L/∂y.
  func backward(
    _ outputGradient: Tensor, _ input: Tensor, _ weight: inout Parameter, _ bias: inout Parameter,
    into inputGradient: inout Tensor
  ) {
    let gamma = weight.value.elements
    let positions = input.count / max(1, input.shape[0]) / gamma.count
    let length = input.count / max(1, means.count)
    var (gammaSums, betaSums) = ([Double](repeating: 0, count: gamma.count), [Double](repeating: 0, count: gamma.count))
    let needsInputGradient = !inputGradient.isEmpty
    input.withUnsafeElements { x in
      outputGradient.withUnsafeElements { dy in
        inputGradient.withUnsafeMutableElements { dx in
          for run in means.indices {
            let (start, first) = (run * length, run % groups * length)
            let (mean, inverse) = (means[run], inverseDeviations[run])
            var (sum, product) = (0.0, 0.0)
            for i in 0..<length {
              let p = (first + i) / positions
              let normalized = Double((x[start + i] - mean) * inverse)
              let d = Double(dy[start + i])
              gammaSums[p] += d * normalized
              betaSums[p] += d
              sum += d * Double(gamma[p])
              product += d * Double(gamma[p]) * normalized
            }
            if !needsInputGradient { continue }
            let (meanGradient, meanProduct) = (Float(sum / Double(length)), Float(product / Double(length)))
            for i in 0..<length {
              let g = gamma[(first + i) / positions] * dy[start + i]
              let normalized = (x[start + i] - mean) * inverse
              dx[start + i] = inverse * (g - meanGradient - normalized * meanProduct)
            }
          }
        }
      }
    }
    weight.gradient = Tensor(weight.value.shape, gammaSums.map(Float.init))
    bias.gradient = Tensor(bias.value.shape, betaSums.map(Float.init))
  }
}
