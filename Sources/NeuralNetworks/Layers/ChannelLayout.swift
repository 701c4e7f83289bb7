// The loops of batch normalization over the values of each channel.

import Tensors

/// The positions of each channel's values in a batch [N, C] or [N, C, H, W], and the loops over them.
///
/// The planes of an image are processed one after the other. The features of vectors are adjacent in memory and are
/// processed together: the sums run over the samples, and the inner loop runs over the features.
struct ChannelLayout {
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

  private typealias Values = UnsafePointer<Float>
  private typealias Results = UnsafeMutablePointer<Float>

  /// Calls `body` for all channels in runs of at most 64. Small channels share a run, because starting a run costs as
  /// much as a few hundred values.
  private func onAllCores<Memory>(_ memory: Memory, _ body: @Sendable (_ run: Range<Int>, Memory) -> Void) {
    let size = min(64, max(1, 4_096 / max(1, samples * positions)))
    let channels = channels
    Parallel.forEach(chunks: (channels + size - 1) / size, on: memory) { chunk, memory in
      body(chunk * size..<min(channels, (chunk + 1) * size), memory)
    }
  }

  /// The offset of a channel's plane.
  @inline(__always) private func plane(_ n: Int, _ c: Int) -> Int { (n &* channels &+ c) &* positions }

  /// The mean and the biased variance of each channel, in two passes: a large mean then costs no precision.
  func moments(_ x: Tensor, into mean: inout Tensor, _ variance: inout Tensor) {
    withPointers(x, &mean, &variance) { x, mean, variance in
      onAllCores((x, mean, variance)) { run, memory in
        let (x, mean, variance) = memory
        let count = Double(samples * positions)
        withSums(run) { sums in
          if positions == 1 {
            for n in 0..<samples { for c in run { sums[c] += Double(x[n &* channels &+ c]) } }
          } else {
            for c in run {
              for n in 0..<samples { sums[c] += Double(Kernels.sum(x + plane(n, c), count: positions)) }
            }
          }
          for c in run {
            mean[c] = Float(sums[c] / count)
            sums[c] = 0
          }
          if positions == 1 {
            for n in 0..<samples {
              for c in run {
                let deviation = x[n &* channels &+ c] - mean[c]
                sums[c] += Double(deviation * deviation)
              }
            }
          } else {
            for c in run {
              for n in 0..<samples {
                sums[c] += Double(Kernels.squaredDeviations(x + plane(n, c), from: mean[c], count: positions))
              }
            }
          }
          for c in run { variance[c] = Float(sums[c] / count) }
        }
      }
    }
  }

  /// 1/√(σ² + ε) of each channel.
  func inverseDeviations(_ variance: Tensor, _ epsilon: Float, into inverse: inout Tensor) {
    withPointers(variance, &inverse) { variance, inverse in
      for c in 0..<channels { inverse[c] = 1 / (variance[c] + epsilon).squareRoot() }
    }
  }

  /// r ← r + m·(b·n/d − r) for each channel: a running statistic r follows that of the batch, b, with the weight m.
  func follow(
    _ batch: Tensor, times n: Float = 1, over d: Float = 1, weight m: Float, by running: inout Tensor
  ) {
    withPointers(batch, &running) { batch, running in
      for c in 0..<channels { running[c] += m * (batch[c] * n / d - running[c]) }
    }
  }

  /// y = (x − μ)·γ/σ + β, with one multiplication and two additions for each element.
  func scale(
    _ x: Tensor, _ mean: Tensor, _ inverse: Tensor, _ gamma: Tensor, _ beta: Tensor, into y: inout Tensor
  ) {
    withPointers(mean, inverse, gamma, beta) { mean, inverse, gamma, beta in
      withPointers(x, &y) { x, y in
        onAllCores((x, y, mean, inverse, gamma, beta)) { run, memory in
          let (x, y, mean, inverse, gamma, beta) = memory
          for n in 0..<samples {
            if positions == 1 {
              let (x, y) = (x + n &* channels, y + n &* channels)
              for c in run { y[c] = (x[c] - mean[c]) * (gamma[c] * inverse[c]) + beta[c] }
              continue
            }
            for c in run {
              let (x, y) = (x + plane(n, c), y + plane(n, c))
              let (center, factor, shift) = (mean[c], gamma[c] * inverse[c], beta[c])
              for i in 0..<positions { y[i] = (x[i] - center) * factor + shift }
            }
          }
        }
      }
    }
  }

  /// Σ ∂L/∂y and Σ ∂L/∂y·x̂ of each channel.
  func sums(
    _ dy: Tensor, _ x: Tensor, _ mean: Tensor, _ inverse: Tensor, into plain: inout Tensor, _ weighted: inout Tensor
  ) {
    withPointers(dy, &plain, &weighted) { _, plain, weighted in
      withPointers(dy, x, mean, inverse) { dy, x, mean, inverse in
        onAllCores((dy, x, mean, inverse, plain, weighted)) { run, memory in
          let (dy, x, mean, inverse, plain, weighted) = memory
          withSums(run) { sums in
            withSums(run) { products in
              for n in 0..<samples {
                if positions == 1 {
                  let (dy, x) = (dy + n &* channels, x + n &* channels)
                  for c in run {
                    sums[c] += Double(dy[c])
                    products[c] += Double(dy[c] * (x[c] - mean[c]))
                  }
                  continue
                }
                for c in run {
                  let (dy, x) = (dy + plane(n, c), x + plane(n, c))
                  sums[c] += Double(Kernels.sum(dy, count: positions))
                  products[c] += Double(Kernels.dot(dy, x, minus: mean[c], count: positions))
                }
              }
              for c in run {
                plain[c] = Float(sums[c])
                weighted[c] = Float(products[c]) * inverse[c]
              }
            }
          }
        }
      }
    }
  }

  /// ∂L/∂x = γ/σ · (∂L/∂y − mean(∂L/∂y) − x̂·mean(∂L/∂y·x̂)). With running statistics, μ and σ are constants, and only
  /// γ/σ · ∂L/∂y remains.
  ///
  /// - Parameters:
  ///   - gamma: γ, with Σ ∂L/∂y·x̂ as its gradient.
  ///   - betaGradient: Σ ∂L/∂y.
  ///   - isExact: whether μ and σ are the statistics of this batch.
  func scaleGradient(
    _ dy: Tensor, _ x: Tensor, _ mean: Tensor, _ inverse: Tensor, _ gamma: Parameter, _ betaGradient: Tensor,
    isExact: Bool, into dx: inout Tensor
  ) {
    withPointers(mean, inverse, gamma.value, betaGradient) { mean, inverse, gammas, betaGradient in
      withPointers(gamma.gradient, x, dy, &dx) { gammaGradient, x, dy, dx in
        onAllCores((dy, x, dx, mean, inverse, gammas, betaGradient, gammaGradient)) { run, memory in
          let (dy, x, dx, mean, inverse, gammas, betaGradient, gammaGradient) = memory
          let share = isExact ? 1 / Float(samples * positions) : 0
          for n in 0..<samples {
            if positions == 1 {
              let (dy, x, dx) = (dy + n &* channels, x + n &* channels, dx + n &* channels)
              for c in run {
                let slope = gammaGradient[c] * share * inverse[c]
                dx[c] = gammas[c] * inverse[c] * (dy[c] - betaGradient[c] * share - (x[c] - mean[c]) * slope)
              }
              continue
            }
            for c in run {
              let (dy, x, dx) = (dy + plane(n, c), x + plane(n, c), dx + plane(n, c))
              let (center, factor) = (mean[c], gammas[c] * inverse[c])
              let (offset, slope) = (betaGradient[c] * share, gammaGradient[c] * share * inverse[c])
              for i in 0..<positions { dx[i] = factor * (dy[i] - offset - (x[i] - center) * slope) }
            }
          }
        }
      }
    }
  }

  /// Sums in Double for the channels of a run, indexed by channel.
  private func withSums(_ run: Range<Int>, _ body: (UnsafeMutablePointer<Double>) -> Void) {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: run.count) { sums in
      sums.initialize(repeating: 0)
      if let base = sums.baseAddress { body(base - run.lowerBound) }
    }
  }
}

// MARK: Pointers to tensor elements

private func withPointers(
  _ a: Tensor, _ b: inout Tensor, _ body: (UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
) {
  a.withUnsafeElements { a in
    b.withUnsafeMutableElements { b in
      if let a = a.baseAddress, let b = b.baseAddress { body(a, b) }
    }
  }
}

private func withPointers(
  _ a: Tensor, _ b: inout Tensor, _ c: inout Tensor,
  _ body: (UnsafePointer<Float>, UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>) -> Void
) {
  c.withUnsafeMutableElements { c in
    if let c = c.baseAddress { withPointers(a, &b) { body($0, $1, c) } }
  }
}

private func withPointers(
  _ a: Tensor, _ b: Tensor, _ c: Tensor, _ d: inout Tensor,
  _ body: (UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
) {
  a.withUnsafeElements { a in
    b.withUnsafeElements { b in
      if let a = a.baseAddress, let b = b.baseAddress { withPointers(c, &d) { body(a, b, $0, $1) } }
    }
  }
}

private func withPointers(
  _ a: Tensor, _ b: Tensor, _ c: Tensor, _ d: Tensor,
  _ body: (UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>) -> Void
) {
  a.withUnsafeElements { a in
    b.withUnsafeElements { b in
      c.withUnsafeElements { c in
        d.withUnsafeElements { d in
          if let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress, let d = d.baseAddress {
            body(a, b, c, d)
          }
        }
      }
    }
  }
}
