// A recurrent layer: the same dense map at every time step.

import Foundation
import Tensors

/// A simple recurrent layer (Elman): hₜ = tanh(W·xₜ + U·hₜ₋₁ + b), with h₀ = 0.
///
/// Shapes: [N, T, in] → [N, T, out]; weight W [out, in], recurrent weight U [out, out], bias b [out]. Every time step
/// uses the same W, U and b, just as a convolution uses the same kernel at every position of an image.
/// The implementation uses simple loops in double precision: it is meant for explanation, not for long sequences.
/// - Source: Elman 1990, "Finding structure in time", Cognitive Science 14(2).
public struct Recurrent: Layer {
  /// The number of input features at each time step.
  public let inputs: Int
  /// The number of units.
  public let outputs: Int
  /// W, [out, in].
  public var weight: Parameter
  /// U, [out, out].
  public var recurrentWeight: Parameter
  /// b, [out].
  public var bias: Parameter
  /// The distribution of the initial values of W and U.
  public var initializer: Initializer

  /// Creates a layer whose weights are 0; the enclosing model initializes them.
  public init(_ inputs: Int, _ outputs: Int, initializer: Initializer = .lecunUniform) {
    self.inputs = inputs
    self.outputs = outputs
    self.initializer = initializer
    let units = max(0, outputs)
    weight = Parameter([units, max(0, inputs)])
    recurrentWeight = Parameter([units, units])
    bias = Parameter([units], decays: false)
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    try refuse(kind, from: inputs, to: outputs, input)
    guard input.rank == 2, input[1] == inputs else {
      throw ShapeError(
        kind, expected: "[time, \(inputs)]", received: input,
        arithmetic: input.rank == 2
          ? "the input has \(input[1]) features at each time step, \(inputs) are expected" : "")
    }
    return [input[0], outputs]
  }

  public func multiplyAdds(for input: Shape) -> Int { input[0] * outputs * (inputs + outputs) }

  public mutating func initialize(using generator: inout SeededGenerator) {
    initializer.fill(&weight.value, using: &generator)
    initializer.fill(&recurrentWeight.value, using: &generator)
    bias.value.fill(0)
  }

  public mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    let (samples, times) = batch(input.shape)
    let (inputs, outputs) = (inputs, outputs)
    let (w, u, b) = (weight.value.elements, recurrentWeight.value.elements, bias.value.elements)
    output.resize(to: Shape(samples, times, outputs))
    input.withUnsafeElements { x in
      output.withUnsafeMutableElements { h in
        for n in 0..<samples {
          for t in 0..<times {
            let step = n * times + t
            for j in 0..<outputs {
              var sum = Double(b[j])
              for i in 0..<inputs { sum += Double(w[j * inputs + i]) * Double(x[step * inputs + i]) }
              if t > 0 {
                for k in 0..<outputs { sum += Double(u[j * outputs + k]) * Double(h[(step - 1) * outputs + k]) }
              }
              h[step * outputs + j] = Float(tanh(sum))
            }
          }
        }
      }
    }
  }

  /// Backpropagation through time. With aₜ the argument of the tanh, from the last time step to the first:
  /// δₜ = ∂L/∂aₜ = (∂L/∂hₜ + Uᵀ·δₜ₊₁)·(1 − hₜ²); ∂L/∂W = Σ δₜ·xₜᵀ, ∂L/∂U = Σ δₜ·hₜ₋₁ᵀ, ∂L/∂b = Σ δₜ, ∂L/∂xₜ = Wᵀ·δₜ.
  ///
  /// Each step back in time multiplies by Uᵀ·(1 − h²) once more, so gradients vanish or explode over long times.
  public mutating func backward(
    _ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor
  ) {
    let (samples, times) = batch(input.shape)
    let (inputs, outputs) = (inputs, outputs)
    let (w, u) = (weight.value.elements, recurrentWeight.value.elements)
    var dw = [Double](repeating: 0, count: w.count)
    var du = [Double](repeating: 0, count: u.count)
    var db = [Double](repeating: 0, count: outputs)
    var delta = db
    var later = db
    let (x, h, dh) = (input.elements, output.elements, outputGradient.elements)
    let needsInputGradient = !inputGradient.isEmpty
    inputGradient.withUnsafeMutableElements { dx in
      for n in 0..<samples {
        for t in (0..<times).reversed() {
          let step = n * times + t
          swap(&delta, &later)
          for k in 0..<outputs {
            var sum = Double(dh[step * outputs + k])
            if t + 1 < times { for j in 0..<outputs { sum += Double(u[j * outputs + k]) * later[j] } }
            let value = Double(h[step * outputs + k])
            delta[k] = sum * (1 - value * value)
          }
          for j in 0..<outputs {
            db[j] += delta[j]
            for i in 0..<inputs { dw[j * inputs + i] += delta[j] * Double(x[step * inputs + i]) }
            if t > 0 {
              for k in 0..<outputs { du[j * outputs + k] += delta[j] * Double(h[(step - 1) * outputs + k]) }
            }
          }
          if !needsInputGradient { continue }
          for i in 0..<inputs {
            var sum = 0.0
            for j in 0..<outputs { sum += Double(w[j * inputs + i]) * delta[j] }
            dx[step * inputs + i] = Float(sum)
          }
        }
      }
    }
    weight.gradient = Tensor(weight.value.shape, dw.map(Float.init))
    recurrentWeight.gradient = Tensor(recurrentWeight.value.shape, du.map(Float.init))
    bias.gradient = Tensor(bias.value.shape, db.map(Float.init))
  }

  public mutating func visitParameters(_ visit: (String, inout Parameter) throws -> Void) rethrows {
    try visit("weight", &weight)
    try visit("recurrent_weight", &recurrentWeight)
    try visit("bias", &bias)
  }

  private func batch(_ shape: Shape) -> (samples: Int, times: Int) {
    demand(shape.rank == 3 && shape[2] == inputs, "Recurrent: [N, T, \(inputs)] expected, got \(shape)")
    return (shape[0], shape[1])
  }
}
