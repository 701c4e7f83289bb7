// Chapter 3: preprocessing of two-dimensional data, and its effect on the loss surface of a linear unit.

import Datasets
import Foundation
import NeuralNetworks
import Tensors

/// A cloud of points that can be stretched, rotated and shifted, three preprocessing methods, and gradient descent of a
/// linear unit w·x on the result.
///
/// The unit has no bias, and its target is 1·x₁ − ½·x₂ of the *preprocessed* inputs. The minimum of its loss is
/// therefore always at (1, −½), and only the curvature H = E[x xᵀ] = Σ + μμᵀ changes.
///
/// - `prepare`: seed, standard deviation along and across the cloud, its rotation in degrees, its centre x and y, and
///   the method (0 raw, 1 centred, 2 standardized, 3 whitened). Gradient descent restarts at (0, 0). Answers with the
///   raw points; the preprocessed points; their means, standard deviations and correlation; the two curvatures and the
///   largest learning rate that converges, 2/λmax; and ellipses of equal loss, `sides` points each.
/// - `descend`: steps, learning rate as a fraction of 2/λmax. Answers with w after each step, the loss after each step,
///   and the step at which the loss first fell below a thousandth of its initial value, or 0 if it has not.
///
/// Questions that a class might ask, and the panel's answers for the chapter's cloud:
/// - How much does centring help? κ falls from 148 to 12: most of the curvature came from the mean.
/// - And standardizing? 11: both inputs already have similar variance. What remains is their correlation.
/// - And whitening? κ = 1, and one step at half the largest rate reaches the minimum.
/// - What if the rate doubles? At half of 2/λmax it takes 187 steps; at 2/λmax itself it never converges.
/// - At which rotation is standardizing as good as whitening? At 0° or 90°, when the cloud is aligned with the axes:
///   κ = 1.07.
public final class CloudPanel: Panel {
  private static let (count, sides) = (200, 72)
  private static let goal: [Float] = [1, -0.5]
  private var unit = Stack([Dense(2, 1, bias: false).boxed], seed: 1)
  private var points = Tensor(zeros: [1, 2])
  private var target = Target.classes([])
  private var (largest, start, steps, arrival) = (1.0, 0.0, 0, 0)

  public init() {}

  public func answer(_ question: Word, _ input: [Float]) -> [[Float]] {
    var reader = Reader(input)
    switch question {
    case "prepare":
      let seed = UInt64(reader.int(0...9_999))
      let (along, across, turn) = (reader.float(0.01...10), reader.float(0.01...10), reader.float(-360...360))
      let raw = cloud(
        seed: seed, along: along, across: across, turn: turn, x: reader.float(-20...20), y: reader.float(-20...20))
      return prepare(raw, method: reader.int(0...3))
    case "descend": return descend(steps: reader.int(1...1000), rate: reader.float(0...2))
    default: return []
    }
  }

  /// Normally distributed points, stretched, then rotated, then shifted.
  private func cloud(seed: UInt64, along: Float, across: Float, turn: Float, x: Float, y: Float) -> Tensor {
    var generator = SeededGenerator(seed: seed, stream: 0x2D)
    var noise = Tensor(zeros: [Self.count, 2])
    noise.fillNormal(standardDeviation: 1, using: &generator)
    let (cosine, sine) = (cos(turn / 180 * Float.pi), sin(turn / 180 * Float.pi))
    var points: [Float] = []
    for n in 0..<Self.count {
      let (u, v) = (along * noise.elements[2 * n], across * noise.elements[2 * n + 1])
      points += [x + cosine * u - sine * v, y + sine * u + cosine * v]
    }
    return Tensor([Self.count, 2], points)
  }

  private func prepare(_ raw: Tensor, method: Int) -> [[Float]] {
    points =
      switch method {
      case 1: ChannelMean.fit(raw).apply(raw)
      case 2: ChannelStandardization.fit(raw).apply(raw)
      case 3: Whitening.fit(raw, epsilon: 0).apply(raw)
      default: raw
      }
    unit.load(Self.goal)
    target = .values(unit.forward(points))
    unit.load([0, 0])
    (steps, arrival) = (0, 0)
    var gradient = Tensor.empty
    start = MeanSquaredError().evaluate(unit.forward(points), target, gradient: &gradient)
    let (values, axis) = curvature()
    largest = 2 / values[0]
    return [
      raw.elements, points.elements, moments(), [Float(values[0]), Float(values[1]), Float(largest)],
      ellipses(values, axis: axis),
    ]
  }

  /// The means of both inputs, their standard deviations, and their correlation.
  private func moments() -> [Float] {
    let spread = ChannelStandardization.fit(points)
    let scaled = spread.apply(points).elements
    let together = (0..<Self.count).reduce(0.0) { $0 + Double(scaled[2 * $1]) * Double(scaled[2 * $1 + 1]) }
    return spread.mean + spread.standardDeviation + [Float(together / Double(Self.count))]
  }

  /// The eigenvalues of H = E[x xᵀ], the larger first, and the eigenvector of the larger.
  private func curvature() -> (values: [Double], axis: (x: Double, y: Double)) {
    var (xx, xy, yy) = (0.0, 0.0, 0.0)
    for n in 0..<Self.count {
      let (x, y) = (Double(points.elements[2 * n]), Double(points.elements[2 * n + 1]))
      xx += x * x / Double(Self.count)
      xy += x * y / Double(Self.count)
      yy += y * y / Double(Self.count)
    }
    let half = ((xx - yy) * (xx - yy) / 4 + xy * xy).squareRoot()
    let (large, small) = ((xx + yy) / 2 + half, max(1e-9, (xx + yy) / 2 - half))
    // (H − λ)u = 0: use the longer of the two rows.
    var axis = abs(large - xx) > abs(large - yy) ? (x: xy, y: large - xx) : (x: large - yy, y: xy)
    let length = (axis.x * axis.x + axis.y * axis.y).squareRoot()
    axis = length > 1e-9 ? (axis.x / length, axis.y / length) : (1, 0)
    return ([large, small], axis)
  }

  /// The ellipses on which ½(w − w°)ᵀH(w − w°) is 1, 1/4, 1/16, … times its initial value: semi-axes √(2L/λ).
  private func ellipses(_ values: [Double], axis: (x: Double, y: Double)) -> [Float] {
    var points: [Float] = []
    for level in 0..<5 {
      let height = start / Double(1 << (2 * level))
      let (a, b) = ((2 * height / values[0]).squareRoot(), (2 * height / values[1]).squareRoot())
      for side in 0..<Self.sides {
        let turn = 2 * Double.pi * Double(side) / Double(Self.sides - 1)
        let (u, v) = (a * cos(turn), b * sin(turn))
        points.append(Self.goal[0] + Float(u * axis.x - v * axis.y))
        points.append(Self.goal[1] + Float(u * axis.y + v * axis.x))
      }
    }
    return points
  }

  private func descend(steps count: Int, rate: Float) -> [[Float]] {
    var parts: [[Float]] = [[], []]
    var gradient = Tensor.empty
    for _ in 0..<count {
      _ = unit.step(points, target, MeanSquaredError(), rate: rate * Float(largest))
      steps += 1
      let loss = MeanSquaredError().evaluate(unit.forward(points), target, gradient: &gradient)
      unit.visitParameters { parts[0] += $0.value.elements }
      parts[1].append(Float(loss))
      if arrival == 0, loss < start / 1000 { arrival = steps }
    }
    return parts + [[Float(arrival)]]
  }

  public func proof(_ input: [Float]) -> Proof {
    var (arrivals, groups): ([Float], [[Float]]) = ([], [])
    for method in 0...3 {
      let parts = answer("prepare", [1, 1.2, 0.35, 36, 4, 2, Float(method)])
      groups += [parts[2], Array(parts[3].prefix(1)), Array(parts[3].suffix(from: 1))]
      groups.append(Array(descend(steps: 20, rate: 0.4)[0].suffix(2)))
      arrivals += descend(steps: 380, rate: 0.4)[2]
    }
    return Proof(whole: arrivals, groups: groups)
  }
}
