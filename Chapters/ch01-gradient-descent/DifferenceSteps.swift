// How good is a numerical gradient? Its error against the step, in single and in double precision.

import Foundation
import Workbook

/// The arithmetic that the same net is computed in.
protocol Precision: BinaryFloatingPoint, Sendable {
  func hyperbolicTangent() -> Self
}
extension Float: Precision { func hyperbolicTangent() -> Float { tanh(self) } }
extension Double: Precision { func hyperbolicTangent() -> Double { tanh(self) } }

/// A net of 3 inputs, 4 tanh units and 1 output with squared error, small enough to differentiate by hand.
struct TinyNet {
  /// 12 weights of the first layer, 4 of the second.
  var weights: [Double]
  var input: [Double]
  var target: Double
  /// λ of a penalty ½λΣw² in the loss.
  var penalty = 0.0

  init(seed: UInt64) {
    var generator = SeededGenerator(seed: seed, stream: 1)
    weights = (0..<16).map { _ in Double(generator.nextNormal()) }
    input = (0..<3).map { _ in Double(generator.nextNormal()) }
    target = Double(generator.nextNormal())
  }

  /// The loss at `weights`, computed from beginning to end in one precision.
  func loss<T: Precision>(_ weights: [T]) -> T {
    var output: T = 0
    for unit in 0..<4 {
      var sum: T = 0
      for i in 0..<3 { sum += weights[unit * 3 + i] * T(input[i]) }
      output += weights[12 + unit] * sum.hyperbolicTangent()
    }
    let error = output - T(target)
    return error * error / 2 + T(penalty) / 2 * weights.reduce(0) { $0 + $1 * $1 }
  }

  /// The gradient by the chain rule, in double precision, perhaps with a mistake.
  func gradient(with mistake: GradientMistake = .none) -> [Double] {
    let hidden = (0..<4).map { unit in
      tanh((0..<3).reduce(0.0) { $0 + weights[unit * 3 + $1] * input[$1] })
    }
    let error = (0..<4).reduce(0.0) { $0 + weights[12 + $1] * hidden[$1] } - target
    let first = (0..<12).map { index in
      let slope = mistake == .slope ? 1 : 1 - hidden[index / 3] * hidden[index / 3]
      return error * weights[12 + index / 3] * slope * input[index % 3]
    }
    var gradient = zip(first + hidden.map { error * $0 }, weights).map { $0 + penalty * $1 }
    for index in mistake.places {
      gradient[index] = mistake.spoiled(gradient[index], shrinking: penalty * weights[index])
    }
    return gradient
  }

  /// The net with numbers as a precision sees them, so that two gradients are taken at the same place.
  func rounded<T: Precision>(to _: T.Type) -> TinyNet {
    var net = self
    net.weights = weights.map { Double(T($0)) }
    net.input = input.map { Double(T($0)) }
    net.target = Double(T(target))
    return net
  }
}

/// A mistake in a backward pass: in one array, or, with tanh's slope, in the two of the first layer.
enum GradientMistake: String, CaseIterable {
  case none = "none"
  case sign = "sign wrong, first biases"
  case factor = "factor of 2 lost, last weights"
  case slope = "tanh’s slope forgotten, first layer"
  case bias = "gradients forgotten, first biases"
  case penalty = "penalty of 10⁻⁴ forgotten, last weights"

  /// The arrays of a net whose third input is always 1, so that its weights there are biases: the places of the first
  /// weights, of the first biases, and of the last weights.
  static let arrays = [(0..<12).filter { $0 % 3 != 2 }, (0..<12).filter { $0 % 3 == 2 }, Array(12..<16)]

  /// The array that is spoiled.
  var places: [Int] {
    switch self {
    case .none, .slope: []
    case .sign, .bias: Self.arrays[1]
    case .factor, .penalty: Self.arrays[2]
    }
  }
  /// A slope with this mistake.
  ///
  /// - Parameter shrinking: what the penalty adds to it.
  func spoiled(_ slope: Double, shrinking: Double) -> Double {
    switch self {
    case .none, .slope: slope
    case .sign: -slope
    case .bias: 0
    case .factor: slope / 2
    case .penalty: slope - shrinking
    }
  }

  /// The error below which a check passes.
  static let limit = 1e-6

  /// What a check sees of a backward pass with this mistake: its distance from central differences in Double, relative to
  /// these, of the array in which it is largest. The net has biases, and a penalty of 10⁻⁴.
  func error(seed: UInt64) -> Double {
    var net = TinyNet(seed: seed)
    (net.input[2], net.penalty) = (1, 1e-4)
    let (own, measured) = (net.gradient(with: self), numericalGradient(of: net, .central, step: 1e-5))
    return Self.arrays.map { array in distance(array.map { own[$0] }, array.map { measured[$0] }) }.max() ?? .nan
  }
}

/// ‖a − b‖ / ‖b‖.
func distance(_ a: [Double], _ b: [Double]) -> Double {
  let squares = zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  return (squares / b.reduce(0) { $0 + $1 * $1 }).squareRoot()
}

/// A rule that estimates a slope from values of a function.
enum Difference: String, CaseIterable {
  case central = "central"
  case forward = "one-sided"
}

// snippet: numericalGradient
/// The gradient of `net` by differences, all arithmetic in the precision `T`.
func numericalGradient<T: Precision>(
  of net: TinyNet, _ difference: Difference, step h: T
) -> [Double] {
  let weights = net.weights.map { T($0) }
  return weights.indices.map { index in
    var (above, below) = (weights, weights)
    above[index] += h
    if difference == .central { below[index] -= h }
    let rise = net.loss(above) - net.loss(below)
    return Double(rise / (difference == .central ? 2 * h : h))
  }
}
// snippet.end

/// The errors of one kind of numerical gradient over many steps.
struct StepCurve {
  var name: String
  /// The steps h, rising.
  var steps: [Double]
  /// [seed][step]: ‖numeric − exact‖ / ‖exact‖.
  var errors: [[Double]]

  init<T: Precision>(
    _ name: String, _: T.Type, _ difference: Difference, steps: [Double], seeds: [UInt64]
  ) {
    self.name = name
    self.steps = steps
    errors = seeds.map { seed in
      let net = TinyNet(seed: seed).rounded(to: T.self)
      let exact = net.gradient()
      return steps.map { distance(numericalGradient(of: net, difference, step: T($0)), exact) }
    }
  }

  /// For each step the median over the seeds.
  var typical: [Double] {
    steps.indices.map { step in
      let sorted = errors.map { $0[step] }.sorted()
      return sorted[sorted.count / 2]
    }
  }

  /// For each seed the step with the smallest error.
  var bestSteps: [Double] {
    errors.map { errors in steps[errors.indices.min { errors[$0] < errors[$1] } ?? 0] }
  }

  /// For each seed the smallest error.
  var bestErrors: [Double] { errors.map { $0.min() ?? .nan } }

  /// For each seed the slope of log error over log h between two steps: the order of the rule's own error.
  func orders(from low: Double, to high: Double) -> [Double] {
    errors.map { errors in
      let points = zip(steps, errors).filter {
        $0.0 >= low * 0.99 && $0.0 <= high * 1.01 && $0.1 > 0
      }
      .map { (x: log($0.0), y: log($0.1)) }
      return slope(points)
    }
  }
}

/// The slope of the straight line through points, by least squares.
func slope(_ points: [(x: Double, y: Double)]) -> Double {
  let n = Double(points.count)
  let (x, y) = (points.reduce(0) { $0 + $1.x } / n, points.reduce(0) { $0 + $1.y } / n)
  return points.reduce(0) { $0 + ($1.x - x) * ($1.y - y) }
    / points.reduce(0) { $0 + ($1.x - x) * ($1.x - x) }
}

/// The four curves of the page.
struct DifferenceExperiment {
  var curves: [StepCurve]
  var single: StepCurve { curves[0] }
  var double: StepCurve { curves[1] }
  var oneSided: StepCurve { curves[2] }

  init(seeds: [UInt64], perDecade: Int = 2) {
    let steps = (-12 * perDecade...0).map { pow(10, Double($0) / Double(perDecade)) }
    curves = [
      StepCurve("central, Float", Float.self, .central, steps: steps, seeds: seeds),
      StepCurve("central, Double", Double.self, .central, steps: steps, seeds: seeds),
      StepCurve("one-sided, Double", Double.self, .forward, steps: steps, seeds: seeds),
    ]
  }
}

extension StepCurve {
  /// The typical error at the step nearest to `h`.
  func typical(at h: Double) -> Double {
    typical[nearest(to: h, in: steps)]
  }
}
