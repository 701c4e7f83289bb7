// Exercise 6.3: the cases that check an answer, and the common mistakes recognized by name.

import ExerciseKit

extension Catalogue {
  package static let ex06_3 = Exercise<any Ex06_3.Type>(
    .ex06_3, section: "Relatives and rivals", difficulty: .medium,
    hints: [
      "Dropout has a random number for each unit. How many does a layer need that drops single weights?",
      "Multiply W by its mask and divide what is kept by 1 − p. The rest is an ordinary dense layer. A dropped weight "
        + "has no influence on the loss.",
      "With `factor[j, i] = random[j, i] < rate ? 0 : 1 / (1 - rate)`: y[n, j] = b[j] + Σᵢ factor·w·x, and "
        + "dw[j, i] = factor · Σₙ dy[n, j]·x[n, i].",
    ],
    cases: [
      forward([1, 2], [1, 1], outputs: 1, random: [0.1, 0.9], 0.5, "the first weight is dropped"),
      forward([1, 2], [1, 1], outputs: 2, random: [0.1, 0.9, 0.8, 0.2], 0.5, "each unit loses a different weight"),
      forward([1, 2], [1, 2], outputs: 1, random: [0.1, 0.9], 0.05, "none is dropped: all times 1/0.95"),
      gradient([1, 2], [1, 3], outputs: 1, random: [0.1, 0.9], 0.5, "a dropped weight gets no gradient"),
      forward([3, 4], nil, outputs: 3, random: nil, 0.3, "a batch"),
      gradient([3, 4], nil, outputs: 3, random: nil, 0.3, "a batch", look: "The gradient is summed over the samples."),
    ],
    mutants: [
      Mutant(
        "drops units instead of weights",
        effect: "That is dropout: all weights of an input are dropped together, so there are fewer subnetworks.",
        Units.self),
      Mutant(
        "leaves out the scale", effect: "The sums at test time are 1/(1 − p) times those of training.", NoScale.self),
      Mutant(
        "scales the bias too",
        effect: "Biases are never dropped: every unit is shifted in training but not at test time.",
        ScaledBias.self),
      Mutant(
        "gives dropped weights a gradient",
        effect: "They learn from outputs that they did not contribute to: noise instead of a gradient.",
        OpenGradient.self),
      Mutant(
        "forgets the scale in the gradient", effect: "All weights learn 1 − p times as fast as they should.",
        UnscaledGradient.self),
      Mutant(
        "averages the gradient over the samples",
        effect: "The loss has already divided by the batch size: the layer learns N times "
          + "too slowly.", AveragedGradient.self),
    ])
}

private func random(_ outputs: Int, _ inputs: Int, _ values: [Float]?) -> Tensor {
  Tensor([outputs, inputs], values ?? (0..<outputs * inputs).map { Float(($0 * 5 + 2) % 12) / 12 + 0.01 })
}

private func setting(
  _ shape: Shape, _ values: [Float]?, _ outputs: Int, _ numbers: [Float]?
) -> (x: Tensor, weight: Tensor, bias: [Float], random: Tensor, shown: String) {
  let x = Tensor(shape, values ?? (0..<shape.count).map { 0.35 * Float($0) - 1.4 })
  let weight = Tensor(
    [outputs, shape[1]], (0..<outputs * shape[1]).map { 1 + 0.6 * Float($0) - 0.2 * Float($0 * $0 % 5) })
  let bias = (0..<outputs).map { 0.5 - Float($0) }
  let numbers = random(outputs, shape[1], numbers)
  return (x, weight, bias, numbers, values.map { "Tensor(\(shape), \($0))" } ?? "x of shape \(shape)")
}

/// One variant of both computations; correct by default.
private struct Variant: Sendable {
  var dropsUnits = false
  var scales = true
  var scalesBias = false
  var masksGradient = true
  var scalesGradient = true
  var averages = false

  func factor(_ random: Tensor, _ rate: Float, _ j: Int, _ i: Int) -> (mask: Double, scale: Double) {
    let inputs = random.shape[1]
    let number = random.elements[dropsUnits ? i : j * inputs + i]
    return (number < rate ? 0 : 1, 1 / (1 - Double(rate)))
  }

  func forward(_ x: Tensor, _ weight: [Double], _ bias: [Float], _ rate: Float, _ random: Tensor) -> [Double] {
    let inputs = x.shape[1]
    return (0..<x.shape[0]).flatMap { n in
      bias.indices.map { j in
        var sum = Double(bias[j]) * (scalesBias ? 1 / (1 - Double(rate)) : 1)
        for i in 0..<inputs {
          let (mask, scale) = factor(random, rate, j, i)
          sum += mask * (scales ? scale : 1) * weight[j * inputs + i] * Double(x.elements[n * inputs + i])
        }
        return sum
      }
    }
  }

  func gradient(_ dy: Tensor, _ x: Tensor, _ rate: Float, _ random: Tensor) -> Tensor {
    let (inputs, outputs, samples) = (x.shape[1], dy.shape[1], x.shape[0])
    var result: [Float] = []
    for j in 0..<outputs {
      for i in 0..<inputs {
        let (mask, scale) = factor(random, rate, j, i)
        var sum = 0.0
        for n in 0..<samples { sum += Double(dy.elements[n * outputs + j]) * Double(x.elements[n * inputs + i]) }
        if averages { sum /= Double(samples) }
        result.append(Float(sum * (masksGradient ? mask : 1) * (scales && scalesGradient ? scale : 1)))
      }
    }
    return Tensor([outputs, inputs], result)
  }
}

private func forward(
  _ shape: Shape, _ values: [Float]?, outputs: Int, random: [Float]?, _ rate: Float, _ about: String
) -> Case<any Ex06_3.Type> {
  let (x, weight, bias, numbers, shown) = setting(shape, values, outputs, random)
  let wanted = Variant().forward(x, weight.elements.map(Double.init), bias, rate, numbers)
  return Case(
    "forward(\(shown), weight: \(weight.elements), bias: \(bias), dropping: \(rate), random: \(numbers.elements))",
    about,
    look: "Each weight has its own random number.", tolerance: 1e-4,
    gives: Tensor([shape[0], outputs], wanted.map(Float.init))
  ) { try $0.forward(x, weight: weight, bias: bias, dropping: rate, random: numbers) }
}

private func gradient(
  _ shape: Shape, _ values: [Float]?, outputs: Int, random: [Float]?, _ rate: Float, _ about: String,
  look: String = "∂L/∂W has the mask of W."
) -> Case<any Ex06_3.Type> {
  let (x, weight, bias, numbers, shown) = setting(shape, values, outputs, random)
  let upstream = Tensor(
    [shape[0], outputs], (0..<shape[0] * outputs).map { 1 + 0.4 * Float($0) - 0.3 * Float($0 % 3) })
  let slope = CentralDifferences.gradient(
    at: weight.elements.map(Double.init), upstream: upstream.elements.map(Double.init)
  ) { Variant().forward(x, $0, bias, rate, numbers) }
  return Case(
    "weightGradient(\(upstream.elements), input: \(shown), dropping: \(rate), random: \(numbers.elements))", about,
    look: look, tolerance: 1e-4, gives: Tensor([outputs, shape[1]], slope.map(Float.init))
  ) { try $0.weightGradient(upstream, input: x, dropping: rate, random: numbers) }
}

/// A mutant is a `Variant` with one error.
private protocol VariantMutant: Ex06_3 {
  static var variant: Variant { get }
}

extension VariantMutant {
  static func forward(_ input: Tensor, weight: Tensor, bias: [Float], dropping rate: Float, random: Tensor) -> Tensor {
    let sums = variant.forward(input, weight.elements.map(Double.init), bias, rate, random)
    return Tensor([input.shape[0], bias.count], sums.map(Float.init))
  }
  static func weightGradient(_ outputGradient: Tensor, input: Tensor, dropping rate: Float, random: Tensor) -> Tensor {
    variant.gradient(outputGradient, input, rate, random)
  }
}

private enum Units: VariantMutant { static var variant: Variant { Variant(dropsUnits: true) } }
private enum NoScale: VariantMutant { static var variant: Variant { Variant(scales: false) } }
private enum ScaledBias: VariantMutant { static var variant: Variant { Variant(scalesBias: true) } }
private enum OpenGradient: VariantMutant { static var variant: Variant { Variant(masksGradient: false) } }
private enum UnscaledGradient: VariantMutant { static var variant: Variant { Variant(scalesGradient: false) } }
private enum AveragedGradient: VariantMutant { static var variant: Variant { Variant(averages: true) } }
