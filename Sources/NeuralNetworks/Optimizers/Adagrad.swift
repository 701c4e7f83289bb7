// Optimizers that divide each weight's step by the size of its gradients: Adagrad, and RMSProp, which uses a moving
// average.

import Tensors

/// Adagrad: w ← w − η·g/(√s + ε), s ← s + g².
///
/// Weights with rare gradients take larger steps. The sum s never decreases, so the step sizes keep decreasing.
/// - Source: Duchi, Hazan and Singer 2011, JMLR 12, in PyTorch's form.
public struct Adagrad: Optimizer {
  /// ε: keeps the division finite.
  public var epsilon: Float
  /// λ: the weight of ½‖w‖² in the loss (L2), at least 0.
  public var weightDecay: Float
  private var sums: ParameterState

  /// Creates an optimizer; the initial value of s is `initialSum`.
  public init(epsilon: Float = 1e-10, weightDecay: Float = 0, initialSum: Float = 0) {
    demand(weightDecay >= 0, "Adagrad: weight decay must not be negative, got \(weightDecay)")
    demand(initialSum >= 0, "Adagrad: the initial sum of squares must not be negative, got \(initialSum)")
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    sums = ParameterState(startingAt: initialSum)
  }

  public var name: String { "Adagrad" + (weightDecay > 0 ? ", L2 \(weightDecay)" : "") }

  public mutating func update(_ parameter: inout Parameter, at index: Int, learningRate: Float) {
    let (decay, epsilon) = (parameter.decays ? weightDecay : 0, epsilon)
    sums.with(index, of: parameter.value.shape) { s in
      parameter.value.withUnsafeMutableElements { w in
        parameter.gradient.withUnsafeElements { gradient in
          for i in 0..<w.count {
            let g = gradient[i] + decay * w[i]
            s[i] += g * g
            w[i] -= learningRate * g / (s[i].squareRoot() + epsilon)
          }
        }
      }
    }
  }

  public var state: [String: Tensor] {
    get { sums.state("sum") }
    set { sums = ParameterState("sum", from: newValue) }
  }
}

/// RMSProp: w ← w − η·g/(√s + ε), s ← α·s + (1 − α)·g²; with momentum v ← μ·v + g/(√s + ε), w ← w − η·v.
///
/// A moving average replaces Adagrad's sum, so the steps do not vanish.
/// - Source: Hinton, Srivastava and Swersky 2012, lecture 6e, in PyTorch's form.
public struct RMSProp: Optimizer {
  /// α, in [0, 1): the decay rate of the moving average of the squares.
  public var smoothing: Float
  /// ε: keeps the division finite.
  public var epsilon: Float
  /// μ, in [0, 1).
  public var momentum: Float
  /// λ: the weight of ½‖w‖² in the loss (L2), at least 0.
  public var weightDecay: Float
  private var squares = ParameterState()
  private var velocities = ParameterState()

  /// Creates an optimizer.
  public init(smoothing: Float = 0.99, epsilon: Float = 1e-8, momentum: Float = 0, weightDecay: Float = 0) {
    demand(smoothing >= 0 && smoothing < 1, "RMSProp: smoothing must lie in [0, 1), got \(smoothing)")
    demand(momentum >= 0 && momentum < 1, "RMSProp: momentum must lie in [0, 1), got \(momentum)")
    demand(weightDecay >= 0, "RMSProp: weight decay must not be negative, got \(weightDecay)")
    self.smoothing = smoothing
    self.epsilon = epsilon
    self.momentum = momentum
    self.weightDecay = weightDecay
  }

  public var name: String {
    "RMSProp" + (momentum > 0 ? ", momentum \(momentum)" : "") + (weightDecay > 0 ? ", L2 \(weightDecay)" : "")
  }

  public mutating func update(_ parameter: inout Parameter, at index: Int, learningRate: Float) {
    let (decay, epsilon, alpha, momentum) = (parameter.decays ? weightDecay : 0, epsilon, smoothing, momentum)
    let shape = parameter.value.shape
    squares.with(index, of: shape) { s in
      velocities.with(index, of: momentum > 0 ? shape : [0]) { v in
        parameter.value.withUnsafeMutableElements { w in
          parameter.gradient.withUnsafeElements { gradient in
            for i in 0..<w.count {
              let g = gradient[i] + decay * w[i]
              s[i] = alpha * s[i] + (1 - alpha) * g * g
              var direction = g / (s[i].squareRoot() + epsilon)
              if momentum > 0 {
                direction += momentum * v[i]
                v[i] = direction
              }
              w[i] -= learningRate * direction
            }
          }
        }
      }
    }
  }

  public var state: [String: Tensor] {
    get { squares.state("square").merging(velocities.state("velocity")) { first, _ in first } }
    set {
      squares = ParameterState("square", from: newValue)
      velocities = ParameterState("velocity", from: newValue)
    }
  }
}
