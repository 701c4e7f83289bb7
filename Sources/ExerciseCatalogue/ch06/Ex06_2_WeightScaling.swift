// Exercise 6.2: the cases that check an answer, and the common mistakes recognized by name.

import ExerciseKit

extension Catalogue {
  package static let ex06_2 = Exercise<any Ex06_2.Type>(
    .ex06_2, section: "The two forms", difficulty: .easy,
    hints: [
      "In training, without any scale, how many inputs of a unit were present on average?",
      "At test time all inputs are present. Scale their weights so that the sum equals its average in training. Was "
        + "the bias ever dropped?",
      "`sum += (1 - rate) * weight[j, i] * input[n, i]` for all i, and then `+ bias[j]` as it is.",
    ],
    cases: [
      infer([1, 2], [1, 1], weight: [2, 4], bias: [0], 0.5, "half of 2 + 4"),
      infer(
        [1, 2], [1, 1], weight: [2, 4], bias: [10], 0.5, "a bias", look: "The bias is never dropped."),
      infer([1, 2], [1, 1], weight: [2, 4], bias: [0], 0.2, "p = 0.2: four fifths"),
      infer([1, 2], [3, -1], weight: [2, 4], bias: [1], 0, "p = 0: nothing to do"),
      infer([3, 4], nil, weight: nil, bias: [0.5, -1], 0.3, "a batch and two units"),
    ],
    mutants: [
      Mutant(
        "forgets the scale",
        effect: "Every sum is 1/(1 − p) too large: at p = ½ the next layer gets twice what it was trained on.",
        NoScale.self),
      Mutant(
        "scales by p instead of 1 − p",
        effect: "Invisible at p = ½; at p = 0.2 the signal is a quarter of what it should be.",
        ByRate.self),
      Mutant(
        "scales the bias as well", effect: "The bias was never dropped: every unit is shifted towards 0.",
        ScalesBias.self),
      Mutant(
        "divides by 1 − p, as inverted dropout does in training",
        effect: "The sums are too large by 1/(1 − p)²: four times, at p = ½.", Divides.self),
      Mutant(
        "treats 1 − p as a percentage, as written in one lecture",
        effect: "Only a hundredth of the signal is left, and the outputs come from the biases.", Percentage.self),
    ])
}

private func infer(
  _ shape: Shape, _ values: [Float]?, weight: [Float]?, bias: [Float], _ rate: Float, _ about: String,
  look: String = "Each input was present with probability 1 − p."
) -> Case<any Ex06_2.Type> {
  let x = Tensor(shape, values ?? (0..<shape.count).map { 0.4 * Float($0) - 1.5 })
  let w = Tensor(
    [bias.count, shape[1]], weight ?? (0..<bias.count * shape[1]).map { 0.7 - 0.35 * Float($0 * $0 % 7) })
  let shown = values.map { "Tensor(\(shape), \($0)), weight: \(w.elements)" } ?? "x of shape \(shape), weight: W"
  return Case(
    "infer(\(shown), bias: \(bias), dropping: \(rate))", about, look: look, tolerance: 1e-4,
    gives: expectation(x, w, bias, rate)
  ) { try $0.infer(x, weight: w, bias: bias, dropping: rate) }
}

/// The expected output in training: the mean over all masks, weighted by their probabilities.
private func expectation(_ x: Tensor, _ weight: Tensor, _ bias: [Float], _ rate: Float) -> Tensor {
  let inputs = x.shape[1]
  var sums = [Double](repeating: 0, count: x.shape[0] * bias.count)
  for mask in 0..<1 << inputs {
    var probability = 1.0
    for i in 0..<inputs { probability *= mask >> i & 1 == 1 ? 1 - Double(rate) : Double(rate) }
    for index in sums.indices {
      let (n, j) = (index / bias.count, index % bias.count)
      var sum = Double(bias[j])
      for i in 0..<inputs where mask >> i & 1 == 1 {
        sum += Double(weight.elements[j * inputs + i]) * Double(x.elements[n * inputs + i])
      }
      sums[index] += probability * sum
    }
  }
  return Tensor([x.shape[0], bias.count], sums.map(Float.init))
}

private func dense(_ x: Tensor, _ weight: Tensor, _ bias: [Float], weightScale: Float, biasScale: Float = 1) -> Tensor {
  let inputs = x.shape[1]
  var output: [Float] = []
  for n in 0..<x.shape[0] {
    for j in bias.indices {
      var sum = biasScale * bias[j]
      for i in 0..<inputs { sum += weightScale * weight.elements[j * inputs + i] * x.elements[n * inputs + i] }
      output.append(sum)
    }
  }
  return Tensor([x.shape[0], bias.count], output)
}

private enum NoScale: Ex06_2 {
  static func infer(_ input: Tensor, weight: Tensor, bias: [Float], dropping rate: Float) -> Tensor {
    dense(input, weight, bias, weightScale: 1)
  }
}
private enum ByRate: Ex06_2 {
  static func infer(_ input: Tensor, weight: Tensor, bias: [Float], dropping rate: Float) -> Tensor {
    dense(input, weight, bias, weightScale: rate)
  }
}
private enum ScalesBias: Ex06_2 {
  static func infer(_ input: Tensor, weight: Tensor, bias: [Float], dropping rate: Float) -> Tensor {
    dense(input, weight, bias, weightScale: 1 - rate, biasScale: 1 - rate)
  }
}
private enum Divides: Ex06_2 {
  static func infer(_ input: Tensor, weight: Tensor, bias: [Float], dropping rate: Float) -> Tensor {
    dense(input, weight, bias, weightScale: 1 / (1 - rate))
  }
}
private enum Percentage: Ex06_2 {
  static func infer(_ input: Tensor, weight: Tensor, bias: [Float], dropping rate: Float) -> Tensor {
    dense(input, weight, bias, weightScale: (1 - rate) / 100)
  }
}
