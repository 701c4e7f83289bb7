// Exercise 1.2: the cases that check an answer, and the common mistakes recognized by name.

import ExerciseKit

extension Catalogue {
  package static let ex01_2 = Exercise<any Ex01_2.Type>(
    .ex01_2, section: "A dense layer", difficulty: .medium,
    hints: [
      "For each number, ask where it was used. A weight w[j, i] was used once for every sample, by unit j.",
      "∂L/∂w[j, i] = Σₙ ∂L/∂y[n, j] · x[n, i]; ∂L/∂x[n, i] = Σⱼ ∂L/∂y[n, j] · w[j, i]; ∂L/∂b[j] = Σₙ ∂L/∂y[n, j].",
      "Start all three from zeros. In loops over n and j, take `let slope = outputGradient[n, j]`; for each i add "
        + "`slope * weight[j, i]` to dx[n, i] and `slope * input[n, i]` to dw[j, i]; add `slope` to db[j].",
    ],
    cases: [
      dense(
        "backward([[10]], input: [[1, 2]], weight: [[3, 4]])", "one sample, one unit", Tensor([1, 1], [10]),
        Tensor([1, 2], [1, 2]), Tensor([1, 2], [3, 4])),
      dense(
        "backward([[1], [10]], input: [[1, 2], [3, 4]], weight: [[5, 6]])", "two samples share the weights",
        Tensor([2, 1], [1, 10]), Tensor([2, 2], [1, 2, 3, 4]), Tensor([1, 2], [5, 6]),
        look: "A weight was used by every sample: its gradient is the sum over them, not the last one and not the mean."
      ),
      dense(
        "backward([[1, 10]], input: [[1, 2]], weight: [[3, 4], [5, 6]])", "two units share the inputs",
        Tensor([1, 2], [1, 10]), Tensor([1, 2], [1, 2]), Tensor([2, 2], [3, 4, 5, 6]),
        look: "An input was used by every unit: ∂L/∂x₀ = 1·3 + 10·5."),
      dense(
        "backward(gradient [5, 3], input [5, 4], weight [3, 4])", "random numbers", numbers([5, 3], 1),
        numbers([5, 4], 2), numbers([3, 4], 3)),
      dense(
        "backward(gradient [2, 6], input [2, 3], weight [6, 3])", "random numbers, more units than inputs",
        numbers([2, 6], 4), numbers([2, 3], 5), numbers([6, 3], 6)),
    ],
    mutants: [
      Mutant(
        "divides the gradients of the weights and biases by the batch size",
        effect: "The loss has already divided: with batches of 32, this layer learns 32 times too slowly.",
        Averaged.self),
      Mutant(
        "keeps only the last sample's gradient of the weights and biases",
        effect: "The layer learns from one sample per batch: the noise of batch size 1 at the cost of batch size 32.",
        LastSample.self),
      Mutant(
        "reads the weights column by column for the input gradient",
        effect: "The layers below get a gradient that belongs to other weights: only the last layer learns.",
        Transposed.self),
      Mutant(
        "keeps only the last unit's contribution to the input gradient",
        effect: "The layers below learn for one unit and ignore all the others.", LastUnit.self),
      Mutant(
        "forgets to sum the bias gradient over the batch",
        effect: "The biases follow only the first sample of each batch.", FirstBias.self),
      Mutant(
        "swaps the roles of inputs and weights",
        effect: "Both gradients point in meaningless directions; the loss jumps about.", Swapped.self),
      Mutant(
        "returns the weight gradient with rows and columns exchanged",
        effect: "Each step is applied to a different weight from the one it was computed for.", TransposedResult.self),
    ])
}

private func dense(
  _ call: String, _ about: String, _ gradient: Tensor, _ input: Tensor, _ weight: Tensor, look: String = ""
) -> Case<any Ex01_2.Type> {
  Case(call, about, look: look, gives: measured(gradient, input, weight)) {
    let got = try $0.backward(gradient, input: input, weight: weight)
    return Outcome(("input gradient", got.input), ("weight gradient", got.weight), ("bias gradient", got.bias))
  }
}

private func numbers(_ shape: Shape, _ seed: UInt64) -> Tensor {
  var generator = SeededGenerator(seed: seed, stream: 0x12)
  return Tensor(shape, (0..<shape.count).map { _ in generator.nextUniform(in: -2...2) })
}

/// All three gradients by central differences of a forward pass in double precision.
private func measured(_ gradient: Tensor, _ input: Tensor, _ weight: Tensor) -> Outcome {
  let (samples, inputs, units) = (input.shape[0], input.shape[1], weight.shape[0])
  let (xs, ws) = (samples * inputs, units * inputs)
  let point = (input.elements + weight.elements).map { Double($0) } + [Double](repeating: 0, count: units)
  func outputs(_ p: [Double]) -> [Double] {
    var y: [Double] = []
    for n in 0..<samples {
      for j in 0..<units {
        var sum = p[xs + ws + j]
        for i in 0..<inputs { sum += p[n * inputs + i] * p[xs + j * inputs + i] }
        y.append(sum)
      }
    }
    return y
  }
  let upstream = gradient.elements.map { Double($0) }
  let slopes = CentralDifferences.gradient(at: point, upstream: upstream, of: outputs).map { Float($0) }
  return Outcome(
    ("input gradient", Tensor(input.shape, Array(slopes[..<xs]))),
    ("weight gradient", Tensor(weight.shape, Array(slopes[xs..<xs + ws]))),
    ("bias gradient", Tensor([units], Array(slopes[(xs + ws)...]))))
}

/// The sums of the backward pass. The closures give the factor of each contribution; a mutant gets one of them wrong.
private func sums(
  _ dy: Tensor, _ x: Tensor, _ w: Tensor, toInput: (_ n: Int, _ j: Int, _ i: Int) -> Float,
  toWeight: (_ n: Int, _ j: Int, _ i: Int) -> Float, toBias: (_ n: Int, _ j: Int) -> Float
) -> (input: Tensor, weight: Tensor, bias: Tensor) {
  let (samples, inputs, units) = (x.shape[0], x.shape[1], w.shape[0])
  var (dx, dw, db) = (Tensor(zeros: x.shape), Tensor(zeros: w.shape), Tensor(zeros: [units]))
  for n in 0..<samples {
    for j in 0..<units {
      let slope = dy[n, j]
      for i in 0..<inputs {
        dx[n, i] += slope * toInput(n, j, i)
        dw[j, i] += slope * toWeight(n, j, i)
      }
      db[j] += slope * toBias(n, j)
    }
  }
  return (dx, dw, db)
}

private enum Averaged: Ex01_2 {
  static func backward(_ dy: Tensor, input x: Tensor, weight w: Tensor) -> (input: Tensor, weight: Tensor, bias: Tensor)
  {
    let share = 1 / Float(x.shape[0])
    return sums(dy, x, w) {
      w[$1, $2]
    } toWeight: { n, _, i in
      x[n, i] * share
    } toBias: { _, _ in
      share
    }
  }
}

private enum LastSample: Ex01_2 {
  static func backward(_ dy: Tensor, input x: Tensor, weight w: Tensor) -> (input: Tensor, weight: Tensor, bias: Tensor)
  {
    let last = x.shape[0] - 1
    return sums(dy, x, w) {
      w[$1, $2]
    } toWeight: { n, _, i in
      n == last ? x[n, i] : 0
    } toBias: { n, _ in
      n == last ? 1 : 0
    }
  }
}

private enum Transposed: Ex01_2 {
  static func backward(_ dy: Tensor, input x: Tensor, weight w: Tensor) -> (input: Tensor, weight: Tensor, bias: Tensor)
  {
    let units = w.shape[0]
    return sums(dy, x, w) {
      w.elements[$2 * units + $1]
    } toWeight: { n, _, i in
      x[n, i]
    } toBias: { _, _ in
      1
    }
  }
}

private enum LastUnit: Ex01_2 {
  static func backward(_ dy: Tensor, input x: Tensor, weight w: Tensor) -> (input: Tensor, weight: Tensor, bias: Tensor)
  {
    let last = w.shape[0] - 1
    return sums(dy, x, w) {
      $1 == last ? w[$1, $2] : 0
    } toWeight: { n, _, i in
      x[n, i]
    } toBias: { _, _ in
      1
    }
  }
}

private enum FirstBias: Ex01_2 {
  static func backward(_ dy: Tensor, input x: Tensor, weight w: Tensor) -> (input: Tensor, weight: Tensor, bias: Tensor)
  {
    sums(dy, x, w) {
      w[$1, $2]
    } toWeight: { n, _, i in
      x[n, i]
    } toBias: { n, _ in
      n == 0 ? 1 : 0
    }
  }
}

private enum Swapped: Ex01_2 {
  static func backward(_ dy: Tensor, input x: Tensor, weight w: Tensor) -> (input: Tensor, weight: Tensor, bias: Tensor)
  {
    sums(dy, x, w) { n, _, i in
      x[n, i]
    } toWeight: {
      w[$1, $2] + 0 * Float($0)
    } toBias: { _, _ in
      1
    }
  }
}

private enum TransposedResult: Ex01_2 {
  static func backward(_ dy: Tensor, input x: Tensor, weight w: Tensor) -> (input: Tensor, weight: Tensor, bias: Tensor)
  {
    let right = sums(dy, x, w) {
      w[$1, $2]
    } toWeight: { n, _, i in
      x[n, i]
    } toBias: { _, _ in
      1
    }
    let (units, inputs) = (w.shape[0], w.shape[1])
    var turned = Tensor(zeros: [inputs, units])
    for j in 0..<units { for i in 0..<inputs { turned[i, j] = right.weight[j, i] } }
    return (right.input, turned, right.bias)
  }
}
