// Batch normalization.

import Tensors

/// Batch normalization: shifts and scales each channel to mean 0 and variance 1 over the batch, then to a learned mean
/// β and a learned standard deviation γ.
///
/// x̂ = (x − μ)/√(σ² + ε), y = γ·x̂ + β, with the mean μ and the biased variance σ² over the batch and all positions of
/// a channel.
/// Shapes: [N, C] or [N, C, H, W], unchanged; γ, β and the running statistics are [C].
///
/// In training, the running statistics r follow those of the batch, b: r ← (1 − m)·r + m·b, with the unbiased variance.
/// In inference, they replace the batch statistics.
/// - Source: Ioffe and Szegedy 2015, arXiv:1502.03167, algorithms 1 and 2. Two of the workbook's sources misprint the
///   last line of algorithm 1: it is γ·x̂ + β.
public struct BatchNorm: Layer {
  /// C.
  public let channels: Int
  /// γ, initially 1.
  public var weight: Parameter
  /// β, initially 0.
  public var bias: Parameter
  /// The running mean, initially 0.
  public var runningMean: Tensor
  /// The running variance, initially 1.
  public var runningVariance: Tensor
  /// m: the weight of a new batch in the running statistics, in (0, 1].
  public var momentum: Float
  /// ε: keeps the division finite.
  public var epsilon: Float

  // The statistics of the last forward pass, which the backward pass needs.
  private var mean: Tensor
  private var variance: Tensor
  private var inverseDeviation: Tensor
  private var usedBatchStatistics = true

  /// Creates a layer.
  public init(_ channels: Int, momentum: Float = 0.1, epsilon: Float = 1e-5) {
    demand(momentum > 0 && momentum <= 1, "BatchNorm: momentum must lie in (0, 1], got \(momentum)")
    self.channels = channels
    self.momentum = momentum
    self.epsilon = epsilon
    let shape: Shape = [max(0, channels)]
    weight = Parameter(Tensor(shape, repeating: 1), decays: false)
    bias = Parameter(shape, decays: false)
    runningMean = Tensor(zeros: shape)
    runningVariance = Tensor(shape, repeating: 1)
    mean = Tensor(zeros: shape)
    variance = Tensor(zeros: shape)
    inverseDeviation = Tensor(zeros: shape)
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    try refuse(kind, unless: channels > 0, "channels", "there are \(channels) to normalize", input)
    guard input.rank == 1 || input.rank == 3, input[0] == channels else {
      throw ShapeError(
        kind, expected: "[\(channels)] or [\(channels), height, width]", received: input,
        arithmetic: input.rank == 1
          ? "the input has \(input[0]) features, \(channels) are expected"
          : imageArithmetic(input, channels: channels) { "BatchNorm(\($0)) would accept them" })
    }
    return input
  }

  public mutating func initialize(using generator: inout SeededGenerator) {
    weight.value.fill(1)
    bias.value.fill(0)
    runningMean.fill(0)
    runningVariance.fill(1)
  }

  public mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    let layout = ChannelLayout(input.shape, channels)
    output.resize(to: input.shape)
    usedBatchStatistics = pass.mode == .training
    if usedBatchStatistics {
      measure(input, layout)
    } else {
      mean = runningMean
      layout.inverseDeviations(runningVariance, epsilon, into: &inverseDeviation)
    }
    layout.scale(input, mean, inverseDeviation, weight.value, bias.value, into: &output)
  }

  /// The derivative runs through the mean and the variance as well:
  /// ∂L/∂x = γ/σ · (∂L/∂y − mean(∂L/∂y) − x̂·mean(∂L/∂y·x̂)), ∂L/∂γ = Σ ∂L/∂y·x̂, ∂L/∂β = Σ ∂L/∂y.
  public mutating func backward(
    _ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor
  ) {
    let layout = ChannelLayout(input.shape, channels)
    layout.sums(outputGradient, input, mean, inverseDeviation, into: &bias.gradient, &weight.gradient)
    if !inputGradient.isEmpty {
      layout.scaleGradient(
        outputGradient, input, mean, inverseDeviation, weight, bias.gradient, isExact: usedBatchStatistics,
        into: &inputGradient)
    }
  }

  public mutating func visitParameters(_ visit: (String, inout Parameter) throws -> Void) rethrows {
    try visit("weight", &weight)
    try visit("bias", &bias)
  }

  public mutating func visitBuffers(_ visit: (String, inout Tensor) throws -> Void) rethrows {
    try visit("running_mean", &runningMean)
    try visit("running_var", &runningVariance)
  }

  /// Stores the batch statistics in `mean` and `inverseDeviation`, and updates the running statistics.
  private mutating func measure(_ input: Tensor, _ layout: ChannelLayout) {
    let count = layout.samples * layout.positions
    demand(count > 1, "BatchNorm: a single value for each channel has no variance; a batch of at least 2 is needed")
    layout.moments(input, into: &mean, &variance)
    layout.inverseDeviations(variance, epsilon, into: &inverseDeviation)
    layout.follow(mean, weight: momentum, by: &runningMean)
    // Unbiased: divided by one value less than there are.
    layout.follow(variance, times: Float(count), over: Float(count - 1), weight: momentum, by: &runningVariance)
  }
}
