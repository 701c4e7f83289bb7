// Exercise 1.1: the cases that check an answer, and the common mistakes recognized by name.

import ExerciseKit

extension Catalogue {
  package static let ex01_1 = Exercise<any Ex01_1.Type>(
    .ex01_1, section: "A dense layer", difficulty: .easy,
    hints: [
      "Take one sample and one unit first: what does the unit add up, and what does it add at the end?",
      "Three loops: over samples n, over units j, over inputs i. Row j of the weights belongs to unit j.",
      "Start the sum with `bias[j]`, add `input[n, i] * weight[j, i]` for each i, store it in `output[n, j]`.",
    ],
    cases: [
      dense(
        "forward([[1, 2]], weight: [[3, 4]], bias: [5])", "one sample, one unit: 1·3 + 2·4 + 5",
        Tensor([1, 2], [1, 2]),
        Tensor([1, 2], [3, 4]), Tensor(vector: [5])),
      dense(
        "forward([[1, 2]], weight: [[1, 2], [3, 4]], bias: [0, 0])", "two units: the rows of the weights",
        Tensor([1, 2], [1, 2]), Tensor([2, 2], [1, 2, 3, 4]), Tensor(zeros: [2]),
        look: "Row j of the weights belongs to unit j: y₀ = 1·1 + 2·2."),
      dense(
        "forward([[1, 0], [0, 1]], weight: [[1, 2], [3, 4]], bias: [10, 20])", "two samples",
        Tensor([2, 2], [1, 0, 0, 1]), Tensor([2, 2], [1, 2, 3, 4]), Tensor(vector: [10, 20]),
        look: "The biases are added to every sample."),
      dense(
        "forward(input [5, 4], weight [3, 4], bias [3])", "random numbers, more inputs than units", numbers([5, 4], 1),
        numbers([3, 4], 2), numbers([3], 3)),
      dense(
        "forward(input [2, 3], weight [7, 3], bias [7])", "random numbers, more units than inputs", numbers([2, 3], 4),
        numbers([7, 3], 5), numbers([7], 6)),
    ],
    mutants: [
      Mutant(
        "leaves out the bias",
        effect: "Every unit's boundary passes through 0: only classes on opposite sides of it can be separated.",
        NoBias.self),
      Mutant(
        "adds the bias to the first sample only",
        effect: "The first sample of each batch goes through a different network from the rest.", FirstBias.self),
      Mutant(
        "reads the weights column by column",
        effect: "With the backward pass of exercise 1.2, each weight is corrected for what another weight contributed.",
        Transposed.self),
      Mutant(
        "divides the sum by the number of inputs",
        effect: "The signal shrinks by √fan-in in each layer and vanishes after a few layers (chapter 4).", Mean.self),
      Mutant(
        "subtracts the bias",
        effect: "The gradient of the bias has the wrong sign: biases rise where they should fall.", MinusBias.self),
    ])
}

private func dense(
  _ call: String, _ about: String, _ input: Tensor, _ weight: Tensor, _ bias: Tensor, look: String = ""
) -> Case<any Ex01_1.Type> {
  Case(call, about, look: look, gives: product(input, weight, bias)) {
    try $0.forward(input, weight: weight, bias: bias)
  }
}

/// Random-looking numbers of both signs, none of them 0, no two equal.
private func numbers(_ shape: Shape, _ seed: UInt64) -> Tensor {
  var generator = SeededGenerator(seed: seed, stream: 0x11)
  return Tensor(shape, (0..<shape.count).map { _ in generator.nextUniform(in: -2...2) })
}

/// The reference, in double precision. Each mutant changes one thing in it.
private func product(
  _ input: Tensor, _ weight: Tensor, _ bias: Tensor, scale: Double = 1,
  at place: (_ j: Int, _ i: Int) -> Int? = { _, _ in nil }, bias factor: (_ n: Int) -> Double = { _ in 1 }
) -> Tensor {
  let (samples, inputs, units) = (input.shape[0], input.shape[1], weight.shape[0])
  var output: [Float] = []
  for n in 0..<samples {
    for j in 0..<units {
      var sum = 0.0
      for i in 0..<inputs {
        sum += Double(input.elements[n * inputs + i]) * Double(weight.elements[place(j, i) ?? j * inputs + i])
      }
      output.append(Float(sum * scale + factor(n) * Double(bias.elements[j])))
    }
  }
  return Tensor([samples, units], output)
}

private enum NoBias: Ex01_1 {
  static func forward(_ input: Tensor, weight: Tensor, bias: Tensor) -> Tensor {
    product(input, weight, bias, bias: { _ in 0 })
  }
}

private enum FirstBias: Ex01_1 {
  static func forward(_ input: Tensor, weight: Tensor, bias: Tensor) -> Tensor {
    product(input, weight, bias, bias: { $0 == 0 ? 1 : 0 })
  }
}

private enum Transposed: Ex01_1 {
  static func forward(_ input: Tensor, weight: Tensor, bias: Tensor) -> Tensor {
    product(input, weight, bias, at: { j, i in i * weight.shape[0] + j })
  }
}

private enum Mean: Ex01_1 {
  static func forward(_ input: Tensor, weight: Tensor, bias: Tensor) -> Tensor {
    product(input, weight, bias, scale: 1 / Double(input.shape[1]))
  }
}

private enum MinusBias: Ex01_1 {
  static func forward(_ input: Tensor, weight: Tensor, bias: Tensor) -> Tensor {
    product(input, weight, bias, bias: { _ in -1 })
  }
}
