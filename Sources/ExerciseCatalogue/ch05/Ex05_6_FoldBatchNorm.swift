// Exercise 5.6: the cases that check an answer, and the common mistakes recognized by name.

import ExerciseKit

extension Catalogue {
  package static let ex05_6 = Exercise<any Ex05_6.Type>(
    .ex05_6, section: "What it costs, and how the cost disappears", difficulty: .medium,
    hints: [
      "At test time μ and σ are constants. Write y as a function of x: what multiplies x, and what is merely added?",
      "With s = γ/√(σ² + ε), y = s·(W·x + b − μ) + β. All weights of output j share its s; b and μ are scaled as well.",
      "`folded[i] = weight[i] * scale` for the row of output j; `bias[j] = (bias[j] - mean[j]) * scale + beta[j]`.",
    ],
    cases: [
      fold([1, 2], [1, 2], bias: [3], gamma: [2], beta: [5], mean: [1], variance: [4], "one unit: the scale is 1"),
      fold([1, 1], [3], bias: [0], gamma: [1], beta: [0], mean: [2], variance: [0.25], "no bias and no β: −2·2"),
      fold(
        [3, 4], nil, bias: [0.5, -1, 2], gamma: [1, 0.5, -2], beta: [0.1, 0, 3], mean: [1, -2, 0.5],
        variance: [2, 0.5, 1], epsilon: 0.1, "a dense layer", look: "Each output has its own scale."),
      fold(
        [2, 3, 2, 2], nil, bias: [0.5, -1], gamma: [1.5, -0.7], beta: [0.3, 1], mean: [1, 0.2], variance: [3, 0.4],
        epsilon: 1e-3, "a convolution", look: "The first axis of the weights is the output channel."),
    ],
    mutants: [
      Mutant(
        "leaves the bias unscaled",
        effect: "Every channel is shifted by (s − 1)·b: the folded network gives different outputs.",
        UnscaledBias.self),
      Mutant(
        "forgets the running mean", effect: "Every channel is off by s·μ; ReLUs switch at the wrong values.",
        NoMean.self),
      Mutant(
        "scales β as well", effect: "Correct only where s = 1: β is multiplied by a scale that does not apply to it.",
        ScaledBeta.self),
      Mutant(
        "divides by the variance instead of its square root",
        effect: "The folded network is a different network; its test error is at chance level.", NoRoot.self),
      Mutant(
        "forgets ε", effect: "Channels with a small variance are scaled too much; it shows when one hardly varies.",
        NoEpsilon.self),
      Mutant(
        "scales along the inputs instead of the outputs",
        effect: "Each weight gets the scale of another channel; the outputs are meaningless.", AlongInputs.self),
    ])
}

private func fold(
  _ shape: Shape, _ values: [Float]?, bias: [Float], gamma: [Float], beta: [Float], mean: [Float], variance: [Float],
  epsilon: Float = 0, _ about: String, look: String = "The bias is scaled too, and so is μ."
) -> Case<any Ex05_6.Type> {
  let weight = values.map { Tensor(shape, $0) } ?? unevenTensor(shape)
  let shift = Tensor(vector: bias)
  let right = Fold().fold(weight, shift, gamma, beta, mean, variance, epsilon)
  let shown = values.map { "Tensor(\(shape), \($0))" } ?? "W of shape \(shape)"
  return Case(
    "fold(weight: \(shown), bias: \(bias), gamma: \(gamma), beta: \(beta), mean: \(mean), variance: \(variance), epsilon: \(epsilon))",
    about, look: look, tolerance: 1e-4, gives: Outcome(("weight", right.weight), ("bias", right.bias))
  ) {
    let result = try $0.fold(
      weight: weight, bias: shift, gamma: gamma, beta: beta, mean: mean, variance: variance, epsilon: epsilon)
    return Outcome(("weight", result.weight), ("bias", result.bias))
  }
}

/// Folding in double precision, correct by default.
private struct Fold {
  var scalesBias = true
  var subtractsMean = true
  var scalesBeta = false
  var takesRoot = true
  var usesEpsilon = true
  var goesAlongInputs = false

  func fold(
    _ weight: Tensor, _ bias: Tensor, _ gamma: [Float], _ beta: [Float], _ mean: [Float], _ variance: [Float],
    _ epsilon: Float
  ) -> (weight: Tensor, bias: Tensor) {
    let outputs = weight.shape[0]
    let scales = gamma.indices.map { j -> Double in
      let sum = Double(variance[j]) + (usesEpsilon ? Double(epsilon) : 0)
      return Double(gamma[j]) / (takesRoot ? sum.squareRoot() : sum)
    }
    let folded = weight.elements.enumerated().map { i, w in
      Float(Double(w) * scales[goesAlongInputs ? i % outputs : i / (weight.count / outputs)])
    }
    let shifts = bias.elements.enumerated().map { j, b -> Float in
      let center = subtractsMean ? Double(mean[j]) : 0
      let moved = scalesBias ? (Double(b) - center) * scales[j] : Double(b) - center * scales[j]
      return Float(moved + Double(beta[j]) * (scalesBeta ? scales[j] : 1))
    }
    return (Tensor(weight.shape, folded), Tensor(vector: shifts))
  }
}

/// A mutant described by a `Fold` with one error.
private protocol FoldMutant: Ex05_6 {
  static var folding: Fold { get }
}

extension FoldMutant {
  static func fold(
    weight: Tensor, bias: Tensor, gamma: [Float], beta: [Float], mean: [Float], variance: [Float], epsilon: Float
  ) -> (weight: Tensor, bias: Tensor) { folding.fold(weight, bias, gamma, beta, mean, variance, epsilon) }
}

private enum UnscaledBias: FoldMutant { static var folding: Fold { Fold(scalesBias: false) } }
private enum NoMean: FoldMutant { static var folding: Fold { Fold(subtractsMean: false) } }
private enum ScaledBeta: FoldMutant { static var folding: Fold { Fold(scalesBeta: true) } }
private enum NoRoot: FoldMutant { static var folding: Fold { Fold(takesRoot: false) } }
private enum NoEpsilon: FoldMutant { static var folding: Fold { Fold(usesEpsilon: false) } }
private enum AlongInputs: FoldMutant { static var folding: Fold { Fold(goesAlongInputs: true) } }
