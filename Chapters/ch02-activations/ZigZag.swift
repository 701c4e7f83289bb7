// Inputs that are all positive: the gradients of a unit's weights share a sign, and the path zigzags.

import Foundation
import Workbook

/// A unit with two weights that learns w* = (1, −1) from samples whose two inputs lie around `mean`.
struct TwoWeights: Sendable {
  /// The inputs are uniform on mean ± ½: all positive from a mean of ½.
  var mean: Double
  /// Whether inputs and goal are turned by 45°: then the first input is the sum of the two, the second their difference.
  var isTurned = false

  /// w*.
  var best: (Double, Double) { turned((1, -1)) }

  private func turned(_ p: (Double, Double)) -> (Double, Double) {
    isTurned ? ((p.0 + p.1) / 2.0.squareRoot(), (p.1 - p.0) / 2.0.squareRoot()) : p
  }

  /// The expected loss at w: ½ E[((w − w*)·x)²] = ½·(|d|²/12 + (mean·(d₁ + d₂))²).
  func loss(_ w0: Double, _ w1: Double) -> Double {
    let (d0, d1) = (w0 - best.0, w1 - best.1)
    return ((d0 * d0 + d1 * d1) / 12 + pow(mean * (isTurned ? 2.0.squareRoot() * d0 : d0 + d1), 2)) / 2
  }

  /// The curvature along (1, 1) over that along (1, −1).
  var condition: Double { 1 + 24 * mean * mean }

  /// One walk of stochastic gradient descent, a sample a step.
  struct Path: Codable, Sendable {
    var a: [Double]
    var b: [Double]
    /// The share of the steps in which both weights went the same way.
    var sameSign: Double
    /// The distance from w* at the end.
    var distance: Double
  }

  /// Learns from one sample at a time, starting at (0, 0).
  func descend(rate: Double, steps: Int, seed: UInt64) -> Path {
    var generator = SeededGenerator(seed: seed, stream: 21)
    var w = (0.0, 0.0)
    var path = Path(a: [0], b: [0], sameSign: 0, distance: 0)
    for _ in 0..<steps {
      let x0 = mean + Double(generator.nextUniform()) - 0.5
      let x = turned((x0, mean + Double(generator.nextUniform()) - 0.5))
      // One error for both weights: only the inputs can make the signs differ.
      let error = (w.0 - best.0) * x.0 + (w.1 - best.1) * x.1
      let slope = (error * x.0, error * x.1)
      w = (w.0 - rate * slope.0, w.1 - rate * slope.1)
      if slope.0 * slope.1 >= 0 { path.sameSign += 1 / Double(steps) }
      path.a.append(w.0)
      path.b.append(w.1)
    }
    path.distance = (pow(w.0 - best.0, 2) + pow(w.1 - best.1, 2)).squareRoot()
    return path
  }

  /// The rate with which the mean of E[loss] along a walk falls fastest: half of 1/E|x|², safe for every sample.
  var rate: Double { 0.5 / (2 * mean * mean + 1.0 / 6) }

  /// Heights on a grid, lowest row first.
  func heights(_ x: ClosedRange<Double>, _ y: ClosedRange<Double>, count: Int = 81) -> [[Double]] {
    (0..<count).map { row in
      let b = y.lowerBound + (y.upperBound - y.lowerBound) * Double(row) / Double(count - 1)
      return (0..<count).map { column in
        loss(x.lowerBound + (x.upperBound - x.lowerBound) * Double(column) / Double(count - 1), b)
      }
    }
  }
}

/// The share of units all of whose weights get gradients of one sign.
///
/// The inputs of the units are what `function` makes of random sums; the errors that arrive at the units are random.
///
/// - Parameters:
///   - batch: the gradient is the sum over so many samples.
///   - fanIn: the weights of each unit.
func oneSignShare(_ function: Nonlinearity, batch: Int, fanIn: Int = 16, units: Int = 400, seed: UInt64) -> Double {
  var generator = SeededGenerator(seed: seed, stream: 22)
  var sums = Tensor(zeros: [batch, fanIn])
  sums.fillNormal(standardDeviation: 1, using: &generator)
  var activation = function.layer
  let inputs = activation.forward(sums)
  var errors = Tensor(zeros: [batch, units])
  errors.fillNormal(standardDeviation: 1, using: &generator)
  // The library's dense layer forms the gradient: Σₙ errorₙ·inputₙ.
  var dense = Dense(fanIn, units)
  _ = dense.backward(errors, input: inputs, output: errors)
  return Double(rows(of: dense.weight.gradient).count(where: hasOneSign)) / Double(units)
}

/// The gradients of each unit's weights.
private func rows(of gradient: Tensor) -> [ArraySlice<Float>] {
  let (elements, fanIn) = (gradient.elements, gradient.shape[1])
  return (0..<gradient.shape[0]).map { elements[$0 * fanIn..<($0 + 1) * fanIn] }
}

private func hasOneSign(_ row: ArraySlice<Float>) -> Bool { row.allSatisfy { $0 >= 0 } || row.allSatisfy { $0 <= 0 } }

/// The same share in a layer of a trained net, where the errors at the units depend on the inputs; units without any
/// gradient, the dead, do not count.
func oneSignShare(of layer: String, in model: Model, on batch: Batch) -> Double {
  var (model, pass) = (model, Pass(.training))
  _ = model.step(batch, SoftmaxCrossEntropy(), in: &pass)
  guard let weights = model.parameters.first(where: { $0.name == layer + ".weight" })?.parameter else { return .nan }
  let living = rows(of: weights.gradient).filter { $0.contains { $0 != 0 } }
  return Double(living.count(where: hasOneSign)) / Double(living.count)
}
