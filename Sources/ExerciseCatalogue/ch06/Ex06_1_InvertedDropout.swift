// Exercise 6.1: the cases that check an answer, and the common mistakes recognized by name.

import ExerciseKit

extension Catalogue {
  package static let ex06_1 = Exercise<any Ex06_1.Type>(
    .ex06_1, section: "The two forms", difficulty: .easy,
    hints: [
      "What is the probability that a number drawn uniformly from 0 to 1 lies below 0.3?",
      "A value is dropped if its random number is below the rate; a kept value is divided by the share that is kept. "
        + "For a given mask, the layer only multiplies: which factor does each gradient get?",
      "`random[i] < rate ? 0 : x[i] / (1 - rate)`, and the same line with the gradient in place of x.",
    ],
    cases: [
      forward([4], [1, 2, 3, 4], random: [0.1, 0.9, 0.4, 0.6], 0.5, "two are kept, and doubled"),
      forward([4], [1, 2, 3, 4], random: [0.1, 0.9, 0.4, 0.6], 0.2, "rate 0.2: three are kept, times 1.25"),
      forward([3], [1, 2, 3], random: [0, 0.5, 0.99], 0, "rate 0: nothing changes"),
      backward([4], [1, -2, 3, -4], random: [0.1, 0.9, 0.4, 0.6], 0.5, "the same mask for the gradient"),
      backward([4], [1, -2, 3, -4], random: [0.1, 0.9, 0.4, 0.6], 0.2, "rate 0.2"),
      forward([3, 5], nil, random: nil, 0.3, "a batch"),
      backward([3, 5], nil, random: nil, 0.7, "a batch of gradients"),
    ],
    mutants: [
      Mutant(
        "leaves out the scale",
        effect: "The next layer trains on sums that are 1 − p times those at test time.", NoScale.self),
      Mutant(
        "multiplies by 1 − p in training",
        effect: "The signal shrinks twice: at test time it is 1/(1 − p)² too large.", ScaleOfTest.self),
      Mutant(
        "keeps the share p and drops the rest",
        effect: "Invisible at p = ½. At p = 0.2, four fifths of the layer are dropped, and it learns little.",
        KeepsRate.self),
      Mutant(
        "drops what is above p and keeps what is below",
        effect: "Correct only at p = ½: at p = 0.2, four fifths of the layer are dropped, and the scale is wrong.",
        InvertedMask.self),
      Mutant(
        "divides by p instead of 1 − p",
        effect: "Correct only at p = ½; otherwise the sums differ between training and test.",
        DividesByRate.self),
      Mutant(
        "sends the gradient through dropped units as well",
        effect: "Units learn from outputs that they did not contribute to.", OpenBackward.self),
      Mutant(
        "forgets the scale in the backward pass",
        effect: "Each dropout layer slows down the layers before it by another factor of 1 − p.",
        UnscaledBackward.self),
    ])
}

private let evenNumbers: [Float] = (0..<15).map { Float(($0 * 7 + 3) % 15) / 15 + 0.02 }

private func tensors(_ shape: Shape, _ values: [Float]?, _ random: [Float]?) -> (Tensor, Tensor, String) {
  let x = Tensor(shape, values ?? (0..<shape.count).map { 0.3 * Float($0) - 1.7 })
  let r = Tensor(shape, random ?? Array(evenNumbers.prefix(shape.count)))
  return (x, r, values.map { "Tensor(vector: \($0))" } ?? "x of shape \(shape)")
}

private func drawn(_ random: Tensor, _ rate: Float) -> Tensor {
  random.map { $0 < rate ? 0 : 1 }
}

private func forward(
  _ shape: Shape, _ values: [Float]?, random: [Float]?, _ rate: Float, _ about: String
) -> Case<any Ex06_1.Type> {
  let (x, r, shown) = tensors(shape, values, random)
  var layer = Dropout(dropping: rate, mask: drawn(r, rate))
  let wanted = layer.forward(x, mode: .training)
  return Case(
    "forward(\(shown), dropping: \(rate), random: \(random.map { "\($0)" } ?? "r"))", about,
    look: "A share of 1 − p is kept, and the kept values are divided by 1 − p.", tolerance: 1e-5, gives: wanted
  ) { try $0.forward(x, dropping: rate, random: r) }
}

private func backward(
  _ shape: Shape, _ values: [Float]?, random: [Float]?, _ rate: Float, _ about: String
) -> Case<any Ex06_1.Type> {
  let (upstream, r, shown) = tensors(shape, values, random)
  // The forward pass for a given mask in double precision, and its gradient by differences.
  let slope = CentralDifferences.gradient(
    at: [Double](repeating: 0.5, count: shape.count), upstream: upstream.elements.map(Double.init)
  ) { x in x.indices.map { r.elements[$0] < rate ? 0 : x[$0] / (1 - Double(rate)) } }
  return Case(
    "backward(\(shown), dropping: \(rate), random: \(random.map { "\($0)" } ?? "r"))", about,
    look: "For a given mask, the layer multiplies each value by a factor.", tolerance: 1e-4,
    gives: Tensor(shape, slope.map(Float.init))
  ) { try $0.backward(upstream, dropping: rate, random: r) }
}

/// A mutant defined by the factor of each value, forward and backward.
private protocol FactorMutant: Ex06_1 {
  static func forwardFactor(_ random: Float, _ rate: Float) -> Float
  static func backwardFactor(_ random: Float, _ rate: Float) -> Float
}

extension FactorMutant {
  static func forward(_ input: Tensor, dropping rate: Float, random: Tensor) -> Tensor {
    Tensor(input.shape, zip(input.elements, random.elements).map { $0 * forwardFactor($1, rate) })
  }
  static func backward(_ outputGradient: Tensor, dropping rate: Float, random: Tensor) -> Tensor {
    Tensor(outputGradient.shape, zip(outputGradient.elements, random.elements).map { $0 * backwardFactor($1, rate) })
  }
  static func forwardFactor(_ random: Float, _ rate: Float) -> Float { random < rate ? 0 : 1 / (1 - rate) }
  static func backwardFactor(_ random: Float, _ rate: Float) -> Float { forwardFactor(random, rate) }
}

private enum NoScale: FactorMutant {
  static func forwardFactor(_ random: Float, _ rate: Float) -> Float { random < rate ? 0 : 1 }
}
private enum ScaleOfTest: FactorMutant {
  static func forwardFactor(_ random: Float, _ rate: Float) -> Float { random < rate ? 0 : 1 - rate }
}
private enum KeepsRate: FactorMutant {
  static func forwardFactor(_ random: Float, _ rate: Float) -> Float { random < rate ? 1 / rate : 0 }
}
private enum DividesByRate: FactorMutant {
  static func forwardFactor(_ random: Float, _ rate: Float) -> Float { random < rate ? 0 : 1 / max(rate, 1e-6) }
}
private enum OpenBackward: FactorMutant {
  static func backwardFactor(_ random: Float, _ rate: Float) -> Float { 1 / (1 - rate) }
}
private enum UnscaledBackward: FactorMutant {
  static func backwardFactor(_ random: Float, _ rate: Float) -> Float { random < rate ? 0 : 1 }
}

private enum InvertedMask: FactorMutant {
  static func forwardFactor(_ random: Float, _ rate: Float) -> Float { random < rate ? 1 / (1 - rate) : 0 }
}
