// Numerical gradient check: is the backward pass the derivative of the forward pass?

import NeuralNetworks
import Tensors

/// A backward pass compared with central differences of the forward pass.
///
///     let check = checkGradients(of: Dense(4, 3), input: input)
///     check.passes()          // true
///     print(check)            // input 2.1e-05, weight 3.4e-05, bias 1.2e-05
public struct GradientCheck: Hashable, Sendable, CustomStringConvertible {
  /// The comparison for the input, or for one parameter.
  public struct Entry: Hashable, Sendable {
    /// `input`, or the parameter's name.
    public var name: String
    /// ‖analytic − numeric‖ / max(‖analytic‖, ‖numeric‖), or 0 if both are only rounding errors.
    public var relativeError: Double
    /// The index at which the two differ most.
    public var worstIndex: [Int]
    /// The gradient from the backward pass at that index.
    public var analytic: Double
    /// The central difference at that index.
    public var numeric: Double
  }

  /// The comparisons: the input first, then the parameters in the layer's order.
  public var entries: [Entry]

  /// The largest relative error.
  public var worst: Double { entries.map(\.relativeError).max() ?? 0 }

  /// Whether every relative error is below `tolerance`: 1e-3 suits Float and a step near 1e-3.
  public func passes(tolerance: Double = 1e-3) -> Bool { entries.allSatisfy { $0.relativeError < tolerance } }

  /// One line for each comparison: `weight: relative error 0.5 at [2, 1]: backward pass 0.25, central difference 0.5`.
  public var description: String {
    entries.map {
      "\($0.name): relative error \($0.relativeError) at \($0.worstIndex): "
        + "backward pass \($0.analytic), central difference \($0.numeric)"
    }.joined(separator: "\n")
  }
}

/// Compares a layer's backward pass with central differences of its forward pass.
///
/// The loss is L = Σ rᵢ·yᵢ with fixed random r, accumulated in Double: ∂L/∂y = r. (With equal rᵢ, errors in a sum could
/// remain undetected: for a softmax, for instance, the gradient would be 0.) Then ∂L/∂x ≈ (L(x + h) − L(x − h))/2h.
///
/// Choose inputs away from kinks: closer to 0 than h, the central difference of a ReLU is not its derivative.
///
/// - Parameters:
///   - layer: a layer or a whole network; a copy is used.
///   - input: [N, …].
///   - mode: training or inference, between which batch normalization and dropout differ.
///   - seed: the seed of r, and of the layer's own randomness, which is the same in every pass.
///   - step: h. With smaller steps, rounding errors dominate; with larger steps, the curvature does.
/// - Source: Karpathy's notes for CS231n, "Gradient checks"; the relative error here is one of norms.
public func checkGradients(
  of layer: some Layer, input: Tensor, mode: Mode = .training, seed: UInt64 = 1, step: Float = 1e-3
) -> GradientCheck {
  demand(step > 0, "checkGradients: the step must be positive, got \(step)")
  var layer = layer
  var output = Tensor.empty

  // The analytic side.
  var pass = Pass(mode, generator: SeededGenerator(seed: seed))
  layer.forward(input, into: &output, in: &pass)
  var generator = SeededGenerator(seed: seed, stream: 0xC4EC)
  let projection = Tensor(output.shape, (0..<output.count).map { _ in generator.nextNormal() })
  var inputGradient = Tensor(zeros: input.shape)
  layer.backward(projection, input: input, output: output, into: &inputGradient)
  let parameters = layer.parameters

  // The numeric side.
  func loss(_ layer: inout some Layer, _ input: Tensor) -> Double {
    var pass = Pass(mode, generator: SeededGenerator(seed: seed))
    layer.forward(input, into: &output, in: &pass)
    var sum = 0.0
    for (r, y) in zip(projection.elements, output.elements) { sum += Double(r) * Double(y) }
    return sum
  }
  var entries: [GradientCheck.Entry] = []
  if !input.isEmpty {
    var moved = input
    let numeric = (0..<input.count).map { index in
      centralDifference(at: input.elements[index], step: step) { value in
        moved.withUnsafeMutableElements { $0[index] = value }
        return loss(&layer, moved)
      } restoring: {
        moved.withUnsafeMutableElements { $0[index] = input.elements[index] }
      }
    }
    entries.append(compare("input", inputGradient, numeric))
  }
  for (place, (name, parameter)) in parameters.enumerated() {
    let original = parameter.value
    let numeric = (0..<original.count).map { index in
      centralDifference(at: original.elements[index], step: step) { value in
        layer.edit(place) { $0.value.withUnsafeMutableElements { $0[index] = value } }
        return loss(&layer, input)
      } restoring: {
        layer.edit(place) { $0.value.withUnsafeMutableElements { $0[index] = original.elements[index] } }
      }
    }
    entries.append(compare(name, parameter.gradient, numeric))
  }
  return GradientCheck(entries: entries)
}

/// Compares a loss's gradient with central differences of its value.
///
/// - Parameters:
///   - loss: the loss.
///   - output: the network's output, [N, C].
///   - target: the desired output.
///   - step: h.
public func checkGradients(
  of loss: some Loss, output: Tensor, target: Target, step: Float = 1e-3
) -> GradientCheck {
  var (gradient, ignored) = (Tensor.empty, Tensor.empty)
  _ = loss.evaluate(output, target, gradient: &gradient)
  var moved = output
  let numeric = (0..<output.count).map { index in
    centralDifference(at: output.elements[index], step: step) { value in
      moved.withUnsafeMutableElements { $0[index] = value }
      return loss.evaluate(moved, target, gradient: &ignored)
    } restoring: {
      moved.withUnsafeMutableElements { $0[index] = output.elements[index] }
    }
  }
  return GradientCheck(entries: [compare("output", gradient, numeric)])
}

/// (f(x + h) − f(x − h))/2h, where 2h is the actual difference of the two rounded arguments.
private func centralDifference(
  at value: Float, step: Float, _ function: (Float) -> Double, restoring: () -> Void
) -> Double {
  let (above, below) = (value + step, value - step)
  let difference = function(above) - function(below)
  restoring()
  return difference / (Double(above) - Double(below))
}

private func compare(_ name: String, _ analytic: Tensor, _ numeric: [Double]) -> GradientCheck.Entry {
  demand(
    analytic.count == numeric.count,
    "checkGradients: the gradient of \(name) needs \(numeric.count) elements, got \(analytic.shape)")
  var (difference, own, other) = (0.0, 0.0, 0.0)
  var worst = (index: 0, error: -1.0)
  for (index, pair) in zip(analytic.elements, numeric).enumerated() {
    let (a, n) = (Double(pair.0), pair.1)
    // A NaN must count as the worst error and must not be ignored.
    let error = (a - n).isNaN ? Double.infinity : abs(a - n)
    if error > worst.error { worst = (index, error) }
    difference += error * error
    own += a * a
    other += n * n
  }
  let scale = max(own.isNaN ? .infinity : own, other.isNaN ? .infinity : other).squareRoot()
  // If the true gradient is 0, as for a bias before batch normalization, both sides are rounding noise.
  let noise = 1e-4 * Double(max(1, numeric.count)).squareRoot()
  let size = difference.squareRoot()
  let error = size.isInfinite || scale.isInfinite ? .infinity : scale < noise && size < noise ? 0 : size / scale
  var (rest, indices) = (worst.index, [Int]())
  for extent in analytic.shape.dimensions.reversed() where extent > 0 {
    indices.insert(rest % extent, at: 0)
    rest /= extent
  }
  return .init(
    name: name, relativeError: error, worstIndex: indices,
    analytic: Double(analytic.elements.isEmpty ? 0 : analytic.elements[worst.index]),
    numeric: numeric.isEmpty ? 0 : numeric[worst.index])
}

extension Layer {
  /// Calls `body` with one parameter, given by its index in the layer's order.
  fileprivate mutating func edit(_ place: Int, _ body: (inout Parameter) -> Void) {
    var index = 0
    visitParameters { _, parameter in
      if index == place { body(&parameter) }
      index += 1
    }
  }
}
