// Batch normalization.

import Tensors

/// Batch normalization: each channel is shifted and scaled to mean 0 and variance 1 over the batch, then to a mean β and
/// a standard deviation γ that are learned.
///
/// x̂ = (x − μ)/√(σ² + ε), y = γ·x̂ + β, with μ and σ² (the biased one) over the batch and all positions of a channel.
/// Shapes: [N, C] or [N, C, H, W], unchanged; γ, β and the running statistics are [C].
///
/// In training the running statistics follow those of the batch, r ← (1 − m)·r + m·b, the variance in its unbiased form;
/// in inference they stand in for them.
/// - Source: Ioffe and Szegedy 2015, arXiv:1502.03167, algorithms 1 and 2. Two of the workbook's sources misprint the
///   last line of algorithm 1: it is γ·x̂ + β.
public struct BatchNorm: Layer {
  /// C.
  public let channels: Int
  /// γ, from 1.
  public var weight: Parameter
  /// β, from 0.
  public var bias: Parameter
  /// The running mean, from 0.
  public var runningMean: Tensor
  /// The running variance, from 1.
  public var runningVariance: Tensor
  /// m: the weight of a new batch in the running statistics, in (0, 1].
  public var momentum: Float
  /// ε: keeps the division finite.
  public var epsilon: Float

  // Of the last forward pass: what the backward pass needs.
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
          ? "\(input[0]) features arrive, \(channels) are expected"
          : imageArithmetic(input, channels: channels) { "BatchNorm(\($0)) would take them" })
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
    let layout = Layout(input.shape, channels)
    output.resize(to: input.shape)
    usedBatchStatistics = pass.mode == .training
    if usedBatchStatistics {
      measure(input, layout)
    } else {
      mean = runningMean
      for c in 0..<channels {
        let deviation = (runningVariance.elements[c] + epsilon).squareRoot()
        inverseDeviation.withUnsafeMutableElements { $0[c] = 1 / deviation }
      }
    }
    // y = (x − μ)·γ/σ + β, one multiplication and one addition for each element.
    layout.forEachChannel(input, &output) { [mean, inverseDeviation, weight, bias] c, run, x, y in
      let scale = weight.value.elements[c] * inverseDeviation.elements[c]
      let (center, shift) = (mean.elements[c], bias.value.elements[c])
      run { start, count, stride in
        if stride == 1 {
          for i in start..<start + count { y[i] = (x[i] - center) * scale + shift }
        } else {
          for i in 0..<count { y[start + i * stride] = (x[start + i * stride] - center) * scale + shift }
        }
      }
    }
  }

  /// The derivative runs through the mean and the variance as well:
  /// ∂L/∂x = γ/σ · (∂L/∂y − mean(∂L/∂y) − x̂·mean(∂L/∂y·x̂)), ∂L/∂γ = Σ ∂L/∂y·x̂, ∂L/∂β = Σ ∂L/∂y.
  public mutating func backward(
    _ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor
  ) {
    let layout = Layout(input.shape, channels)
    var (gammaGradient, betaGradient) = (Tensor.empty, Tensor.empty)
    swap(&gammaGradient, &weight.gradient)
    swap(&betaGradient, &bias.gradient)
    layout.sums(outputGradient, input, mean, inverseDeviation, &betaGradient, &gammaGradient)
    if !inputGradient.isEmpty {
      let count = Float(layout.samples * layout.positions)
      let isExact = usedBatchStatistics
      let (mean, inverseDeviation, gamma) = (mean, inverseDeviation, weight.value)
      layout.forEachChannel(outputGradient, input, &inputGradient) { c, run, dy, x, dx in
        let inverse = inverseDeviation.elements[c]
        let scale = gamma.elements[c] * inverse
        let center = mean.elements[c]
        // With running statistics μ and σ are constants, and only the scale remains.
        let meanGradient = isExact ? betaGradient.elements[c] / count : 0
        let slope = isExact ? gammaGradient.elements[c] / count * inverse : 0
        run { start, count, stride in
          if stride == 1 {
            for i in start..<start + count { dx[i] = scale * (dy[i] - meanGradient - (x[i] - center) * slope) }
          } else {
            for k in 0..<count {
              let i = start + k * stride
              dx[i] = scale * (dy[i] - meanGradient - (x[i] - center) * slope)
            }
          }
        }
      }
    }
    swap(&gammaGradient, &weight.gradient)
    swap(&betaGradient, &bias.gradient)
  }

  public mutating func visitParameters(_ visit: (String, inout Parameter) throws -> Void) rethrows {
    try visit("weight", &weight)
    try visit("bias", &bias)
  }

  public mutating func visitBuffers(_ visit: (String, inout Tensor) throws -> Void) rethrows {
    try visit("running_mean", &runningMean)
    try visit("running_var", &runningVariance)
  }

  /// Batch statistics into `mean` and `inverseDeviation`, and on into the running ones.
  private mutating func measure(_ input: Tensor, _ layout: Layout) {
    let count = layout.samples * layout.positions
    demand(count > 1, "BatchNorm: one value for each channel has no variance; a batch of at least 2 is needed")
    layout.moments(input, &mean, &variance)
    for c in 0..<channels {
      let (m, v) = (mean.elements[c], variance.elements[c])
      let unbiased = v * Float(count) / Float(count - 1)
      inverseDeviation.withUnsafeMutableElements { $0[c] = 1 / (v + epsilon).squareRoot() }
      runningMean.withUnsafeMutableElements { $0[c] += momentum * (m - $0[c]) }
      runningVariance.withUnsafeMutableElements { $0[c] += momentum * (unbiased - $0[c]) }
    }
  }
}

/// Where the values of each channel lie in a batch.
private struct Layout {
  let samples: Int
  let channels: Int
  /// Positions of one channel of one sample: H·W, or 1 for vectors.
  let positions: Int

  init(_ shape: Shape, _ channels: Int) {
    demand(
      shape.rank >= 2 && shape[1] == channels, "BatchNorm: [N, \(channels), …] expected, got \(shape)")
    samples = shape[0]
    self.channels = channels
    positions = shape.positions
  }

  /// The runs of memory of one channel: a plane of each sample, or one strided column.
  @inline(__always) func runs(of c: Int, _ visit: (_ start: Int, _ count: Int, _ stride: Int) -> Void) {
    if positions == 1 { return visit(c, samples, channels) }
    for n in 0..<samples { visit((n * channels + c) * positions, positions, 1) }
  }

  /// Calls `body` for each channel. Small channels share a chunk: to take one costs as much as a few hundred values.
  private func onAllCores(_ body: (_ c: Int) -> Void) {
    let size = max(1, 4_096 / max(1, samples * positions))
    withoutActuallyEscaping(body) { body in
      Parallel.forEach(chunks: (channels + size - 1) / size, on: body) { chunk, body in
        for c in chunk * size..<min(channels, (chunk + 1) * size) { body(c) }
      }
    }
  }

  func forEachChannel(
    _ x: Tensor, _ y: inout Tensor,
    _ body: (
      Int, ((Int, Int, Int) -> Void) -> Void, UnsafePointer<Float>, UnsafeMutablePointer<Float>
    ) -> Void
  ) {
    x.withUnsafeElements { x in
      y.withUnsafeMutableElements { y in
        guard let x = x.baseAddress, let y = y.baseAddress else { return }
        onAllCores { c in body(c, { runs(of: c, $0) }, x, y) }
      }
    }
  }

  func forEachChannel(
    _ a: Tensor, _ b: Tensor, _ y: inout Tensor,
    _ body: (
      Int, ((Int, Int, Int) -> Void) -> Void, UnsafePointer<Float>, UnsafePointer<Float>,
      UnsafeMutablePointer<Float>
    ) -> Void
  ) {
    a.withUnsafeElements { a in
      b.withUnsafeElements { b in
        y.withUnsafeMutableElements { y in
          guard let a = a.baseAddress, let b = b.baseAddress, let y = y.baseAddress else { return }
          onAllCores { c in body(c, { runs(of: c, $0) }, a, b, y) }
        }
      }
    }
  }

  /// The mean and the biased variance of each channel: two walks, so that a large mean costs no digits.
  func moments(_ x: Tensor, _ mean: inout Tensor, _ variance: inout Tensor) {
    let count = Double(samples * positions)
    mean.withUnsafeMutableElements { mean in
      variance.withUnsafeMutableElements { variance in
        x.withUnsafeElements { x in
          guard let x = x.baseAddress, let mean = mean.baseAddress, let variance = variance.baseAddress else { return }
          onAllCores { c in
            var total = 0.0
            runs(of: c) { start, count, stride in
              if stride == 1 {
                total += Double(Kernels.sum(x + start, count: count))
              } else {
                for i in 0..<count { total += Double(x[start + i * stride]) }
              }
            }
            let center = Float(total / count)
            var squares = 0.0
            runs(of: c) { start, count, stride in
              if stride == 1 {
                squares += Double(Kernels.squaredDeviations(x + start, from: center, count: count))
              } else {
                for i in 0..<count {
                  let d = x[start + i * stride] - center
                  squares += Double(d * d)
                }
              }
            }
            mean[c] = center
            variance[c] = Float(squares / count)
          }
        }
      }
    }
  }

  /// Σ ∂L/∂y and Σ ∂L/∂y·x̂ of each channel.
  func sums(
    _ dy: Tensor, _ x: Tensor, _ mean: Tensor, _ inverse: Tensor, _ plain: inout Tensor, _ weighted: inout Tensor
  ) {
    plain.withUnsafeMutableElements { plain in
      weighted.withUnsafeMutableElements { weighted in
        dy.withUnsafeElements { dy in
          x.withUnsafeElements { x in
            guard let dy = dy.baseAddress, let x = x.baseAddress, let plain = plain.baseAddress,
              let weighted = weighted.baseAddress
            else { return }
            onAllCores { c in
              var (sum, product) = (0.0, 0.0)
              let center = mean.elements[c]
              runs(of: c) { start, count, stride in
                if stride == 1 {
                  let s = Kernels.sum(dy + start, count: count)
                  sum += Double(s)
                  product += Double(Kernels.dot(dy + start, x + start, minus: center, count: count))
                } else {
                  for k in 0..<count {
                    let i = start + k * stride
                    sum += Double(dy[i])
                    product += Double(dy[i] * (x[i] - center))
                  }
                }
              }
              plain[c] = Float(sum)
              weighted[c] = Float(product) * inverse.elements[c]
            }
          }
        }
      }
    }
  }
}
