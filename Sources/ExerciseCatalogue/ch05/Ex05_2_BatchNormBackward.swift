// Exercise 5.2: the cases that check an answer, and the common mistakes recognized by name.

import ExerciseKit
import Foundation

extension Catalogue {
  package static let ex05_2 = Exercise<any Ex05_2.Type>(
    .ex05_2, section: "The way back", difficulty: .hard,
    hints: [
      "β and γ first: y = γ·x̂ + β is linear, so ∂L/∂β and ∂L/∂γ are sums over the batch, the second one weighted by "
        + "x̂. For x, remember that changing one value changes the mean and the deviation for all values.",
      "With g = γ·∂L/∂y, the chain rule through x̂ = (x − μ)/s gives three terms, all divided by s: g itself, "
        + "minus the mean of g (the path through μ), minus x̂ times the mean of g·x̂ (the path through s). To check: "
        + "the gradients of a channel add up to 0.",
      "`dx = gamma / s * (dy - mean(dy) - normalized * mean(dy * normalized))`, means over all m values of the channel, "
        + "with s = √(σ² + ε) and `normalized` for x̂.",
    ],
    cases: [
      backward([2, 1], [1, -1], gamma: [1], "two numbers: the input gradient is always 0"),
      backward([3, 1], [0, 0, 3], gamma: [2], "three numbers"),
      backward([4, 2], nil, "two channels", look: "The sums are taken within one channel."),
      backward([4, 2], nil, epsilon: 0.3, "a large ε"),
      backward([2, 2, 2, 2], nil, "images", look: "The sums run over all samples and positions of a channel."),
    ],
    mutants: [
      Mutant(
        "treats μ and σ as constants",
        effect: "Correct for inference, wrong in training: the steps go in directions that the layer cancels, and "
          + "large learning rates diverge.", Constants.self),
      Mutant(
        "forgets the path through the variance",
        effect: "The gradient keeps a part that only stretches the channel, which the layer undoes at once.",
        NoVariance.self),
      Mutant(
        "adds the path through the variance instead of subtracting it",
        effect: "The part that the layer undoes is doubled: the gradient stretches the channel to no effect.",
        WrongSign.self),
      Mutant(
        "forgets the path through the mean",
        effect: "The gradient keeps a part that only shifts the channel, which the layer undoes at once.", NoMean.self),
      Mutant(
        "forgets γ in the input gradient",
        effect: "The layers before it learn at a rate unrelated to their effect on the loss.", NoGamma.self),
      Mutant(
        "uses x instead of x̂ in the gradient of γ",
        effect: "γ learns from the raw size of the inputs, which the layer exists to remove.", RawGamma.self),
      Mutant(
        "averages the gradients of γ and β instead of summing them",
        effect: "γ and β learn m times too slowly; after a convolution, m is in the thousands.", Averaged.self),
      Mutant(
        "sums the gradient of β over the channels of a sample instead of the batch",
        effect: "Each β follows all channels at once.", AcrossChannels.self),
    ])
}

private typealias Gradients = (input: Tensor, gamma: Tensor, beta: Tensor)

private func backward(
  _ shape: Shape, _ upstream: [Double]?, gamma: [Double]? = nil, epsilon: Double = 1e-5, _ about: String = "",
  look: String = ""
) -> Case<any Ex05_2.Type> {
  let isSmall = upstream != nil
  let x = isSmall ? (0..<shape.count).map { Double($0 * $0) + 1 } : unevenNumbers(shape.count, center: 1, spread: 1.5)
  let u = upstream ?? unevenNumbers(shape.count, phase: 2)
  let gamma = gamma ?? (0..<shape[1]).map { 1.3 - 0.8 * Double($0) }
  let channels = shape[1]
  func tensor(_ values: [Double], _ shape: Shape) -> Tensor { Tensor(shape, values.map(Float.init)) }
  let (input, gradient, scale) = (tensor(x, shape), tensor(u, shape), tensor(gamma, [channels]))
  let recipe = NormalizationRecipe.batch(shape.withoutBatch)
  let shown =
    isSmall
    ? "backward(Tensor(\(shape), \(u)), input: Tensor(\(shape), \(x)), gamma: \(gamma), epsilon: \(epsilon))"
    : "backward(dy, input: x, gamma: \(gamma), epsilon: \(epsilon)) with shape \(shape)"
  // The numerical gradient of the forward pass, with x, γ and β in one vector.
  let point = x + gamma + [Double](repeating: 0.2, count: channels)
  let slope = CentralDifferences.gradient(at: point, upstream: u) { p in
    let (end, middle) = (x.count, x.count + channels)
    return recipe.normalize(
      Array(p[..<end]), samples: shape[0], gamma: Array(p[end..<middle]), beta: Array(p[middle...]), epsilon: epsilon)
  }
  let wanted = Outcome(
    ("input gradient", tensor(Array(slope[..<x.count]), shape)),
    ("γ gradient", tensor(Array(slope[x.count..<x.count + channels]), [channels])),
    ("β gradient", tensor(Array(slope[(x.count + channels)...]), [channels])))
  return Case(shown, about, look: look, tolerance: 1e-3, gives: wanted) {
    let result = try $0.backward(gradient, input: input, gamma: scale, epsilon: Float(epsilon))
    return Outcome(("input gradient", result.input), ("γ gradient", result.gamma), ("β gradient", result.beta))
  }
}

/// Which terms of the three gradients a mutant gets wrong.
private struct Terms {
  var mean = 1.0
  var variance = 1.0
  var hasGamma = true
  var usesRawInput = false
  var averages = false
  var sumsAcrossChannels = false

  func backward(_ dy: Tensor, _ x: Tensor, _ gamma: Tensor, _ epsilon: Float) -> Gradients {
    let (samples, channels) = (x.shape[0], x.shape[1])
    let positions = x.count / (samples * channels)
    let count = Double(samples * positions)
    var dx = [Float](repeating: 0, count: x.count)
    var (dGamma, dBeta) = ([Double](repeating: 0, count: channels), [Double](repeating: 0, count: channels))
    for c in 0..<channels {
      let places = (0..<samples).flatMap { n in (0..<positions).map { (n * channels + c) * positions + $0 } }
      let values = places.map { Double(x.elements[$0]) }, upstream = places.map { Double(dy.elements[$0]) }
      let mean = values.reduce(0, +) / count
      let deviation = (values.reduce(0) { $0 + pow($1 - mean, 2) } / count + Double(epsilon)).squareRoot()
      let normalized = values.map { ($0 - mean) / deviation }
      let sum = upstream.reduce(0, +)
      let product = zip(upstream, normalized).reduce(0) { $0 + $1.0 * $1.1 }
      dBeta[c] = sum
      dGamma[c] = usesRawInput ? zip(upstream, values).reduce(0) { $0 + $1.0 * $1.1 } : product
      let scale = (hasGamma ? Double(gamma.elements[c]) : 1) / deviation
      for (i, place) in places.enumerated() {
        dx[place] = Float(
          scale * (upstream[i] - self.mean * sum / count - variance * normalized[i] * product / count))
      }
    }
    if averages { (dGamma, dBeta) = (dGamma.map { $0 / count }, dBeta.map { $0 / count }) }
    if sumsAcrossChannels { dBeta = dBeta.map { _ in dBeta.reduce(0, +) / Double(channels) } }
    return (
      Tensor(x.shape, dx), Tensor(vector: dGamma.map(Float.init)), Tensor(vector: dBeta.map(Float.init))
    )
  }
}

private enum Constants: Ex05_2 {
  static func backward(_ dy: Tensor, input: Tensor, gamma: Tensor, epsilon: Float) -> Gradients {
    Terms(mean: 0, variance: 0).backward(dy, input, gamma, epsilon)
  }
}

private enum NoVariance: Ex05_2 {
  static func backward(_ dy: Tensor, input: Tensor, gamma: Tensor, epsilon: Float) -> Gradients {
    Terms(variance: 0).backward(dy, input, gamma, epsilon)
  }
}

private enum NoMean: Ex05_2 {
  static func backward(_ dy: Tensor, input: Tensor, gamma: Tensor, epsilon: Float) -> Gradients {
    Terms(mean: 0).backward(dy, input, gamma, epsilon)
  }
}

private enum NoGamma: Ex05_2 {
  static func backward(_ dy: Tensor, input: Tensor, gamma: Tensor, epsilon: Float) -> Gradients {
    Terms(hasGamma: false).backward(dy, input, gamma, epsilon)
  }
}

private enum RawGamma: Ex05_2 {
  static func backward(_ dy: Tensor, input: Tensor, gamma: Tensor, epsilon: Float) -> Gradients {
    Terms(usesRawInput: true).backward(dy, input, gamma, epsilon)
  }
}

private enum Averaged: Ex05_2 {
  static func backward(_ dy: Tensor, input: Tensor, gamma: Tensor, epsilon: Float) -> Gradients {
    Terms(averages: true).backward(dy, input, gamma, epsilon)
  }
}

private enum AcrossChannels: Ex05_2 {
  static func backward(_ dy: Tensor, input: Tensor, gamma: Tensor, epsilon: Float) -> Gradients {
    Terms(sumsAcrossChannels: true).backward(dy, input, gamma, epsilon)
  }
}

private enum WrongSign: Ex05_2 {
  static func backward(_ dy: Tensor, input: Tensor, gamma: Tensor, epsilon: Float) -> Gradients {
    Terms(variance: -1).backward(dy, input, gamma, epsilon)
  }
}
