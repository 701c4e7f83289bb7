// Adam, and AdamW, which decouples weight decay from the gradient.

import Foundation
import Tensors

/// Adam: momentum, with each weight's step divided by the size of its recent gradients.
///
/// m ← β₁·m + (1 − β₁)·g, v ← β₂·v + (1 − β₂)·g², w ← w − η·m̂/(√v̂ + ε). Bias correction removes the effect of
/// starting the averages at 0: m̂ = m/(1 − β₁ᵗ), v̂ = v/(1 − β₂ᵗ), with t = 1 in the first step. Weight decay adds λ·w
/// to the gradient, and is therefore divided as well; ``AdamW`` avoids that.
/// - Source: Kingma and Ba 2015, arXiv:1412.6980, algorithm 1.
public struct Adam: Optimizer {
  /// β₁, in [0, 1): the decay rate of the moving average of the gradients.
  public var beta1: Float
  /// β₂, in [0, 1): the decay rate of the moving average of their squares.
  public var beta2: Float
  /// ε: keeps the division finite.
  public var epsilon: Float
  /// λ, at least 0.
  public var weightDecay: Float
  /// Whether the weights are decayed directly, w ← w − η·λ·w, before the step.
  let isDecoupled: Bool

  private var means = ParameterState()
  private var squares = ParameterState()
  private var step = 0

  /// Creates an optimizer.
  public init(beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8, weightDecay: Float = 0) {
    self.init(beta1, beta2, epsilon, weightDecay, decoupled: false)
  }

  fileprivate init(_ beta1: Float, _ beta2: Float, _ epsilon: Float, _ weightDecay: Float, decoupled: Bool) {
    demand(beta1 >= 0 && beta1 < 1, "Adam: β₁ must lie in [0, 1), got \(beta1)")
    demand(beta2 >= 0 && beta2 < 1, "Adam: β₂ must lie in [0, 1), got \(beta2)")
    demand(weightDecay >= 0, "Adam: weight decay must not be negative, got \(weightDecay)")
    (self.beta1, self.beta2, self.epsilon) = (beta1, beta2, epsilon)
    self.weightDecay = weightDecay
    isDecoupled = decoupled
  }

  public var name: String { "Adam" + (weightDecay > 0 ? ", L2 \(weightDecay)" : "") }

  public mutating func beginStep() { step += 1 }

  public mutating func update(_ parameter: inout Parameter, at index: Int, learningRate: Float) {
    let decay = parameter.decays ? weightDecay : 0
    let (beta1, beta2, epsilon) = (beta1, beta2, epsilon)
    let (penalty, shrink) = isDecoupled ? (0, 1 - learningRate * decay) : (decay, 1)
    // The two corrections are computed in double precision, because β₂ᵗ is close to 1 in the early steps.
    let rate = Float(Double(learningRate) / (1 - pow(Double(beta1), Double(step))))
    let correction = Float(1 / (1 - pow(Double(beta2), Double(step))).squareRoot())
    means.with(index, of: parameter.value.shape) { m in
      squares.with(index, of: parameter.value.shape) { v in
        parameter.value.withUnsafeMutableElements { w in
          parameter.gradient.withUnsafeElements { gradient in
            for i in 0..<w.count {
              let g = gradient[i] + penalty * w[i]
              m[i] += (1 - beta1) * (g - m[i])
              v[i] = beta2 * v[i] + (1 - beta2) * g * g
              w[i] = shrink * w[i] - rate * m[i] / (v[i].squareRoot() * correction + epsilon)
            }
          }
        }
      }
    }
  }

  public var state: [String: Tensor] {
    get {
      var state = means.state("mean").merging(squares.state("square")) { first, _ in first }
      state["step"] = Tensor([], [Float(step)])
      return state
    }
    set {
      means = ParameterState("mean", from: newValue)
      squares = ParameterState("square", from: newValue)
      step = Int(newValue["step"]?.elements.first ?? 0)
    }
  }
}

/// Adam with decoupled weight decay: w ← w − η·λ·w, then Adam's step without weight decay in the gradient.
///
/// All weights therefore decay at the same rate, however large their gradients are.
/// - Source: Loshchilov and Hutter 2019, arXiv:1711.05101, algorithm 2, in PyTorch's form, where λ is multiplied by η.
public struct AdamW: Optimizer {
  private var adam: Adam

  /// Creates an optimizer.
  public init(beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8, weightDecay: Float = 0.01) {
    adam = Adam(beta1, beta2, epsilon, weightDecay, decoupled: true)
  }

  public var name: String { "AdamW, decay \(adam.weightDecay)" }
  public mutating func beginStep() { adam.beginStep() }
  public mutating func update(_ parameter: inout Parameter, at index: Int, learningRate: Float) {
    adam.update(&parameter, at: index, learningRate: learningRate)
  }
  public var state: [String: Tensor] {
    get { adam.state }
    set { adam.state = newValue }
  }
}
