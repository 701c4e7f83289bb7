// Chapter 1: gradient descent of two weights in a bowl that is steep in one direction and flat in the other.

import Foundation
import NeuralNetworks
import Tensors

/// A rotated bowl L = ½(u² + κv²), and gradient descent in it, with and without momentum.
///
/// - `begin`: κ, the rotation in degrees, the two initial weights, momentum μ, method (0 momentum, 1 Nesterov). Answers
///   with ellipses of equal loss, `sides` points each; and the largest learning rate that converges, and the best
///   without momentum, 2/(1 + κ).
/// - `descend`: steps, learning rate. Answers with the weights after each step; the distance from the minimum after
///   each step, relative to the initial distance; and the step from which on it stays below 1 %, or 0 if there is none.
///
/// Questions that a class might ask, and the panel's answers:
/// - At which learning rate does it diverge? Above 2/κ: for κ = 20 it converges at 0.099, but not at 0.101.
/// - What if κ doubles? At the best learning rate for each κ, the number of steps doubles: 47 for κ = 20, 93 for κ =
///   40.
/// - How much does momentum save? For κ = 100, μ = 0.9 and learning rate 0.02, it takes 86 steps instead of 231.
/// - What if it starts on an axis of the bowl? On the steep axis, at the rate 1/κ, it reaches the minimum in one step.
/// - Why does it zigzag? Above 1/κ the steep weight changes its sign in every step; below, the path is smooth.
public final class BowlPanel: Panel {
  private static let sides = 72
  private var (condition, angle) = (20.0, 0.0)
  private var weights = Parameter([2])
  private var optimizer = SGD()
  private var velocities: [Float] = [0, 0]
  private var (whole, steps, lastFar) = (1.0, 0, 0)

  var learnerAnswers = LearnerAnswers.installed

  public init() {}

  public func answer(_ question: Word, _ input: [Float]) -> [[Float]] {
    var reader = Reader(input)
    switch question {
    case "begin":
      (condition, angle) = (Double(reader.float(1...1000)), Double(reader.float(-360...360)))
      let start = [reader.float(-100...100), reader.float(-100...100)]
      return begin(start, momentum: reader.float(0...0.99), isNesterov: reader.int(0...1) == 1)
    case "descend": return descend(steps: reader.int(1...1000), rate: reader.float(0...10))
    default: return []
    }
  }

  private func begin(_ start: [Float], momentum: Float, isNesterov: Bool) -> [[Float]] {
    weights = Parameter(Tensor(vector: start))
    optimizer = SGD(momentum: momentum, nesterov: isNesterov)
    velocities = [0, 0]
    (whole, steps, lastFar) = (max(1e-9, distance()), 0, 0)
    let last = momentum == 0 || !isNesterov ? 1 + momentum : (1 + momentum) / (1 + 2 * momentum)
    return [ellipses(), [2 * last / Float(condition), 2 / (1 + Float(condition))]]
  }

  private func descend(steps count: Int, rate: Float) -> [[Float]] {
    var parts: [[Float]] = [[], []]
    for _ in 0..<count {
      let (a, b) = (Double(weights.value.elements[0]), Double(weights.value.elements[1]))
      // Stop far outside, where nothing more is visible: Float would overflow.
      if abs(a) + abs(b) < 1e6 {
        weights.gradient = Tensor(vector: gradient(a, b))
        step(rate)
      }
      steps += 1
      let share = distance() / whole
      if !(share <= 0.01) { lastFar = steps }
      parts[0] += weights.value.elements
      parts[1].append(Float(share))
    }
    return parts + [[lastFar < steps ? Float(lastFar + 1) : 0]]
  }

  /// One step of the core's optimizer, or of the learner's.
  private func step(_ rate: Float) {
    if let momentum = learnerAnswers.momentum, !optimizer.isNesterov {
      let after = momentum(weights.value.elements, weights.gradient.elements, velocities, rate, optimizer.momentum)
      (weights.value, velocities) = (Tensor(vector: after.weights), after.velocities)
    } else {
      optimizer.beginStep()
      optimizer.update(&weights, at: 0, learningRate: rate)
    }
  }

  private var turn: (cosine: Double, sine: Double) { (cos(angle * Double.pi / 180), sin(angle * Double.pi / 180)) }

  private func gradient(_ a: Double, _ b: Double) -> [Float] {
    let (c, s) = turn
    let (u, v) = (c * a + s * b, condition * (-s * a + c * b))
    return [Float(c * u - s * v), Float(s * u + c * v)]
  }

  private func distance() -> Double {
    let (a, b) = (Double(weights.value.elements[0]), Double(weights.value.elements[1]))
    return (a * a + b * b).squareRoot()
  }

  /// The ellipses on which the loss is that of the start, a quarter of that, …: semi-axes √(2L) and √(2L/κ).
  private func ellipses() -> [Float] {
    let (c, s) = turn
    let (a, b) = (Double(weights.value.elements[0]), Double(weights.value.elements[1]))
    let (u, v) = (c * a + s * b, -s * a + c * b)
    let size = (u * u + condition * v * v).squareRoot()
    var points: [Float] = []
    for level in 0..<5 {
      for side in 0..<Self.sides {
        let turn = 2 * Double.pi * Double(side) / Double(Self.sides - 1)
        let height = size / Double(1 << level)
        let (u, v) = (height * cos(turn), height * sin(turn) / condition.squareRoot())
        points += [Float(c * u - s * v), Float(s * u + c * v)]
      }
    }
    return points
  }

  public func proof(_ input: [Float]) -> Proof {
    var (arrivals, groups): ([Float], [[Float]]) = ([], [])
    for (momentum, method) in [(0, 0), (0.9, 0), (0.9, 1)] as [(Float, Float)] {
      _ = answer("begin", [30, 25, 0.6, 0.8, momentum, method])
      let parts = answer("descend", [40, 0.03])
      groups += [Array(parts[0].prefix(2)), [parts[1][9]], [parts[1][39]]]
      arrivals += answer("descend", [200, 0.03])[2]
    }
    return Proof(whole: arrivals, groups: groups)
  }
}
