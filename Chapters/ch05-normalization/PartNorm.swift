// Parts of batch norm: the mean, the deviation, and the learned scale and shift can be left out one by one.

import Foundation
import Workbook

/// Batch norm of which parts can be left out: y = γ·(x − μ)/√(σ² + ε) + β.
///
/// Without the mean x − μ is x, without the deviation the root is 1, and a layer that does not learn keeps γ = 1 and β = 0.
/// Everything else is as in batch norm: μ and σ² are those of the batch in training and running statistics in inference;
/// the gradient passes through them. Shapes: [N, C], unchanged.
struct PartNorm: Layer {
  let subtractsMean: Bool
  let divides: Bool
  let learns: Bool
  private(set) var weight: Parameter
  private(set) var bias: Parameter
  private var (runningMean, runningVariance): (Tensor, Tensor)
  // The statistics of the last forward pass.
  private var (means, factors): ([Float], [Float]) = ([], [])

  init(_ channels: Int, subtractsMean: Bool = true, divides: Bool = true, learns: Bool = true) {
    (self.subtractsMean, self.divides, self.learns) = (subtractsMean, divides, learns)
    weight = Parameter(Tensor([channels], repeating: 1), decays: false)
    bias = Parameter([channels], decays: false)
    (runningMean, runningVariance) = (Tensor(zeros: [channels]), Tensor([channels], repeating: 1))
  }

  func outputShape(for input: Shape) throws(ShapeError) -> Shape { input }

  mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    let (rows, width) = (input.shape[0], runningMean.count)
    var (means, variances) = (runningMean.elements, runningVariance.elements)
    if pass.mode == .training {
      (means, variances) = Self.moments(input, width)
      for c in 0..<width {
        let unbiased = variances[c] * Float(rows) / Float(max(1, rows - 1))
        runningMean.withUnsafeMutableElements { $0[c] += 0.1 * (means[c] - $0[c]) }
        runningVariance.withUnsafeMutableElements { $0[c] += 0.1 * (unbiased - $0[c]) }
      }
    }
    (self.means, factors) = (means, variances.map { 1 / ($0 + 1e-5).squareRoot() })
    let scales = divides ? zip(weight.value.elements, factors).map { $0 * $1 } : weight.value.elements
    let shifts = zip(bias.value.elements, zip(scales, means)).map { subtractsMean ? $0 - $1.0 * $1.1 : $0 }
    scaleAndShift(input, by: scales, shifts, into: &output)
  }

  /// With x̂ what γ multiplies, ∂L/∂x = γ/s·(g − mean(g) − (x − μ)/s·mean(g·x̂)): the first mean is there only where the
  /// mean is subtracted, the second and s only where the deviation divides.
  mutating func backward(_ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor) {
    let (rows, width) = (input.shape[0], means.count)
    let (x, g) = (input.elements, outputGradient.elements)
    var (sums, products) = ([Float](repeating: 0, count: width), [Float](repeating: 0, count: width))
    for i in g.indices {
      let c = i % width
      sums[c] += g[i]
      products[c] += g[i] * (x[i] - (subtractsMean ? means[c] : 0)) * (divides ? factors[c] : 1)
    }
    if learns { (bias.gradient, weight.gradient) = (Tensor([width], sums), Tensor([width], products)) }
    guard !inputGradient.isEmpty else { return }
    let (gamma, m) = (weight.value.elements, Float(rows))
    inputGradient.withUnsafeMutableElements { dx in
      for i in g.indices {
        let c = i % width
        let centred = g[i] - (subtractsMean ? sums[c] / m : 0)
        dx[i] =
          divides
          ? gamma[c] * factors[c] * (centred - (x[i] - means[c]) * factors[c] * products[c] / m) : gamma[c] * centred
      }
    }
  }

  mutating func visitParameters(_ visit: (String, inout Parameter) throws -> Void) rethrows {
    guard learns else { return }
    try visit("weight", &weight)
    try visit("bias", &bias)
  }

  mutating func visitBuffers(_ visit: (String, inout Tensor) throws -> Void) rethrows {
    try visit("running_mean", &runningMean)
    try visit("running_var", &runningVariance)
  }

  /// The mean and the biased variance of each column.
  private static func moments(_ input: Tensor, _ width: Int) -> (means: [Float], variances: [Float]) {
    let (x, rows) = (input.elements, Float(input.shape[0]))
    var (means, variances) = ([Float](repeating: 0, count: width), [Float](repeating: 0, count: width))
    for i in x.indices { means[i % width] += x[i] / rows }
    for i in x.indices { variances[i % width] += (x[i] - means[i % width]) * (x[i] - means[i % width]) / rows }
    return (means, variances)
  }
}
