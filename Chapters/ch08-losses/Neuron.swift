// One sigmoid neuron: what three rules send back through it, and how it learns from a bad start.

import Foundation
import Workbook

/// A rule for the error signal δ = ∂L/∂z that a sigmoid unit s = σ(z) receives for a target y.
enum Rule: CaseIterable, Sendable {
  /// Squared error: L = ½(s − y)², δ = (s − y)·s(1 − s).
  case squaredError
  /// Squared error with the derivative of the sigmoid that the sources' program has: δ = (s − y)·(1 − s²).
  case published
  /// Cross-entropy: L = −y·ln s − (1 − y)·ln(1 − s), δ = s − y.
  case crossEntropy

  var name: String {
    switch self {
    case .squaredError: "squared error"
    case .published: "wrong σ′"
    case .crossEntropy: "cross-entropy"
    }
  }

  /// Equal colours in every figure of the chapter.
  var color: Int {
    switch self {
    case .squaredError: 0
    case .published: 1
    case .crossEntropy: 2
    }
  }

  // snippet: errorSignal
  /// δ = ∂L/∂z of a unit with output `s` that should have said `y`.
  func errorSignal(_ s: Double, target y: Double) -> Double {
    switch self {
    case .squaredError: (s - y) * s * (1 - s)
    case .published: (s - y) * (1 - s * s)  // the wrong σ′
    case .crossEntropy: s - y
    }
  }
  // snippet.end

  /// The loss whose gradient the rule follows, 0 for the right answer.
  ///
  /// For the wrong derivative it is what integrating δ over z gives, with ds = s(1 − s)·dz:
  /// ∫ (s − y)(1 + s)/s ds = ½s² + (1 − y)·s − y·ln s, here less ½y.
  func loss(_ s: Double, target y: Double) -> Double {
    switch self {
    case .squaredError: 0.5 * (s - y) * (s - y)
    case .published: 0.5 * s * s + (1 - y) * s - (y == 0 ? 0 : y * log(s)) - 0.5 * y
    case .crossEntropy: (y == 0 ? 0 : -y * log(s)) + (y == 1 ? 0 : -(1 - y) * log(1 - s))
    }
  }
}

/// The logistic function.
func sigmoid(_ z: Double) -> Double { 1 / (1 + exp(-z)) }

/// The place and the height of a largest error signal.
struct Peak: Codable, Sendable {
  var output: Double
  var signal: Double
}

/// The peak of a rule's error signal for target 0, over outputs from 0 to 1.
///
/// The signal of each rule rises to one peak and falls, so thirds of an interval can be thrown away one by one.
func peak(of rule: Rule) -> Peak {
  var (low, high) = (0.0, 1.0)
  while high - low > 1e-9 {
    let (a, b) = (low + (high - low) / 3, high - (high - low) / 3)
    if rule.errorSignal(a, target: 0) < rule.errorSignal(b, target: 0) { low = a } else { high = b }
  }
  let place = (low + high) / 2
  return Peak(output: place, signal: rule.errorSignal(place, target: 0))
}

// snippet: learn
/// Trains one neuron s = σ(w·x + b) on one example, x = 1.
///
/// - Returns: its output before the first step and after each.
func learn(
  _ rule: Rule, from start: Double, target: Double,
  rate: Double = 0.15, steps: Int = 300
) -> [Double] {
  var (weight, bias, outputs) = (start, start, [Double]())
  for _ in 0..<steps {
    let output = sigmoid(weight + bias)
    let signal = rule.errorSignal(output, target: target)
    outputs.append(output)
    weight -= rate * signal
    bias -= rate * signal
  }
  return outputs + [sigmoid(weight + bias)]
}
// snippet.end

/// The steps until a neuron is within `tolerance` of its target; nil where that takes more than `limit`.
func stepsToLearn(
  _ rule: Rule, from start: Double, target: Double, rate: Double = 0.15, within tolerance: Double = 0.2,
  limit: Int = 5000
) -> Int? {
  learn(rule, from: start, target: target, rate: rate, steps: limit).firstIndex { abs($0 - target) < tolerance }
}

/// The largest relative difference between a rule's error signal and central differences of a loss.
///
/// - Parameter loss: what is differentiated numerically; by default the rule's own.
func gradientCheck(_ rule: Rule, against loss: Rule? = nil) -> Double {
  let (h, loss) = (1e-5, loss ?? rule)
  var worst = 0.0
  for target in [0.0, 1.0] {
    for step in -24...24 {
      let z = Double(step) / 4
      let numeric =
        (loss.loss(sigmoid(z + h), target: target) - loss.loss(sigmoid(z - h), target: target)) / (2 * h)
      let analytic = rule.errorSignal(sigmoid(z), target: target)
      worst = max(worst, abs(numeric - analytic) / max(abs(numeric), abs(analytic)))
    }
  }
  return worst
}
