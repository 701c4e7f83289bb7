// Stochastic gradient descent, with and without momentum.

import Tensors

/// Stochastic gradient descent.
///
/// g ← g + λ·w if weight decay applies; v ← μ·v + g; w ← w − η·v, or with Nesterov momentum w ← w − η·(g + μ·v).
/// The first velocity is the first gradient.
/// - Source: Robbins and Monro 1951; Polyak 1964; Sutskever et al. 2013, PMLR 28(3), in PyTorch's form.
public struct SGD: Optimizer {
  /// μ, in [0, 1): the fraction of the last velocity that is kept.
  public var momentum: Float
  /// Whether the step uses Nesterov momentum, which looks ahead by the momentum step.
  public var isNesterov: Bool
  /// λ: the weight of ½‖w‖² in the loss (L2), at least 0.
  public var weightDecay: Float

  /// The velocity of each parameter; empty without momentum.
  private var velocities: [Tensor] = []

  /// Creates an optimizer; by default plain gradient descent.
  public init(momentum: Float = 0, nesterov isNesterov: Bool = false, weightDecay: Float = 0) {
    demand(momentum >= 0 && momentum < 1, "SGD: momentum must lie in [0, 1), got \(momentum)")
    demand(weightDecay >= 0, "SGD: weight decay must not be negative, got \(weightDecay)")
    self.momentum = momentum
    self.isNesterov = isNesterov
    self.weightDecay = weightDecay
  }

  public var name: String {
    var name = "SGD"
    if momentum > 0 { name += isNesterov ? ", Nesterov momentum \(momentum)" : ", momentum \(momentum)" }
    if weightDecay > 0 { name += ", L2 \(weightDecay)" }
    return name
  }

  public mutating func update(
    _ parameter: inout Parameter, at index: Int, learningRate: Float
  ) {
    let decay = parameter.decays ? weightDecay : 0
    if momentum == 0 {
      parameter.value.withUnsafeMutableElements { w in
        parameter.gradient.withUnsafeElements { g in
          for i in 0..<w.count { w[i] -= learningRate * (g[i] + decay * w[i]) }
        }
      }
      return
    }
    while velocities.count <= index { velocities.append(.empty) }
    // New velocities are 0, so the first velocity equals the first gradient.
    if velocities[index].isEmpty { velocities[index].resize(to: parameter.value.shape) }
    let (momentum, isNesterov) = (momentum, isNesterov)
    velocities[index].withUnsafeMutableElements { v in
      parameter.value.withUnsafeMutableElements { w in
        parameter.gradient.withUnsafeElements { gradient in
          for i in 0..<w.count {
            let g = gradient[i] + decay * w[i]
            v[i] = momentum * v[i] + g
            w[i] -= learningRate * (isNesterov ? g + momentum * v[i] : v[i])
          }
        }
      }
    }
  }

  public var state: [String: Tensor] {
    get { Dictionary(uniqueKeysWithValues: velocities.enumerated().map { ("velocity.\($0.offset)", $0.element) }) }
    set {
      velocities = newValue.keys.filter { $0.hasPrefix("velocity.") }
        .sorted { (Int($0.dropFirst(9)) ?? 0) < (Int($1.dropFirst(9)) ?? 0) }.map { newValue[$0] ?? .empty }
    }
  }
}
