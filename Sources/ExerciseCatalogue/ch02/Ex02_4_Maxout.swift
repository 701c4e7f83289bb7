// Exercise 2.4: the cases that check an answer, and the common mistakes recognized by name.

import ExerciseKit

extension Catalogue {
  package static let ex02_4 = Exercise<any Ex02_4.Type>(
    .ex02_4, section: "Maxout", difficulty: .medium,
    hints: [
      "Start from a dense layer with units · pieces sums. Which of them belong to one unit?",
      "A unit's output is its largest sum. Only that sum decided the output, so only its row of weights, its bias, and "
        + "the inputs through that row get a gradient.",
      "For each n and unit, loop over `unit * pieces..<(unit + 1) * pieces` and remember the row of the largest sum. "
        + "Then add `slope * weight[row, i]` to dx[n, i], `slope * input[n, i]` to dw[row, i], and `slope` to db[row].",
    ],
    cases: [
      forward(
        "forward([[3]], weight: [[1], [−1]], bias: [0, 0], pieces: 2)", "|3| from two pieces", Tensor([1, 1], [3]),
        Tensor([2, 1], [1, -1]), Tensor(zeros: [2]), 2),
      forward(
        "forward([[−3]], weight: [[1], [0.5]], bias: [−5, −4], pieces: 2)", "both sums negative: −5.5 wins",
        Tensor([1, 1], [-3]), Tensor([2, 1], [1, 0.5]), Tensor(vector: [-5, -4]), 2,
        look: "Take the largest sum, not the largest magnitude; negative outputs are allowed."),
      forward(
        "forward([[1]], weight: [[1], [2], [30], [40]], bias: [0, 0, 0, 0], pieces: 2)", "two units: 2 and 40",
        Tensor([1, 1], [1]), Tensor([4, 1], [1, 2, 30, 40]), Tensor(zeros: [4]), 2,
        look: "The pieces of a unit are consecutive rows: rows 0 and 1 belong to the first unit."),
      backward(
        "backward([[10]], input: [[3]], weight: [[1], [−1]], bias: [0, 0], pieces: 2)", "the first piece is larger",
        Tensor([1, 1], [10]), Tensor([1, 1], [3]), Tensor([2, 1], [1, -1]), Tensor(zeros: [2]), 2,
        look: "The smaller piece was not used: its gradient is 0."),
      backward(
        "backward([[1], [10]], input: [[3], [2]], weight: [[1], [−1]], bias: [0, 0], pieces: 2)",
        "two samples, the same piece", Tensor([2, 1], [1, 10]), Tensor([2, 1], [3, 2]), Tensor([2, 1], [1, -1]),
        Tensor(zeros: [2]), 2, look: "The gradient of a piece is the sum over the samples that it was chosen for."),
      forward(
        "forward(input [4, 3], weight [6, 3], bias [6], pieces: 3)", "random numbers, 2 units of 3 pieces",
        numbers([4, 3], 1), numbers([6, 3], 2), numbers([6], 3), 3),
      backward(
        "backward(gradient [4, 2], input [4, 3], weight [6, 3], bias [6], pieces: 3)", "random numbers",
        numbers([4, 2], 4), numbers([4, 3], 1), numbers([6, 3], 2), numbers([6], 3), 3),
    ],
    mutants: [
      Mutant(
        "adds up the pieces instead of taking the largest",
        effect: "A sum of linear functions is linear: the layer is no longer nonlinear.", Sum.self),
      Mutant(
        "sends the gradient to every piece",
        effect: "All pieces move together and become alike; the nonlinearity is lost in training.", Everyone.self),
      Mutant(
        "mixes the pieces of different units",
        effect: "It trains; but weights loaded from another program give nonsense.", Interleaved.self),
      Mutant(
        "takes the piece that is largest in magnitude",
        effect: "The function jumps where the chosen piece changes sign, and the gradient does not show the jump.",
        Magnitude.self),
      Mutant(
        "keeps only the last sample's gradient of the weights and biases",
        effect: "The layer learns from one sample of each batch.", LastSample.self),
      Mutant(
        "takes the smallest piece",
        effect: "Units are concave instead of convex; the layer trains, but it is a different layer.",
        Smallest.self),
    ])
}

private func forward(
  _ call: String, _ about: String, _ input: Tensor, _ weight: Tensor, _ bias: Tensor, _ pieces: Int, look: String = ""
) -> Case<any Ex02_4.Type> {
  Case(
    call, about, look: look,
    gives: Tensor(
      [input.shape[0], weight.shape[0] / pieces],
      outputs(doubles(input), doubles(weight), doubles(bias), pieces, input.shape[1]).map { Float($0) })
  ) {
    try $0.forward(input, weight: weight, bias: bias, pieces: pieces)
  }
}

private func backward(
  _ call: String, _ about: String, _ gradient: Tensor, _ input: Tensor, _ weight: Tensor, _ bias: Tensor,
  _ pieces: Int, look: String = ""
) -> Case<any Ex02_4.Type> {
  Case(call, about, look: look, gives: measured(gradient, input, weight, bias, pieces)) {
    let got = try $0.backward(gradient, input: input, weight: weight, bias: bias, pieces: pieces)
    return Outcome(("input gradient", got.input), ("weight gradient", got.weight), ("bias gradient", got.bias))
  }
}

private func doubles(_ tensor: Tensor) -> [Double] { tensor.elements.map { Double($0) } }

private func numbers(_ shape: Shape, _ seed: UInt64) -> Tensor {
  var generator = SeededGenerator(seed: seed, stream: 0x24)
  return Tensor(shape, (0..<shape.count).map { _ in generator.nextUniform(in: -2...2) })
}

/// The outputs in double precision.
private func outputs(_ x: [Double], _ w: [Double], _ b: [Double], _ pieces: Int, _ inputs: Int) -> [Double] {
  var y: [Double] = []
  for n in 0..<x.count / inputs {
    for unit in 0..<b.count / pieces {
      var largest = -Double.infinity
      for row in unit * pieces..<(unit + 1) * pieces {
        var sum = b[row]
        for i in 0..<inputs { sum += x[n * inputs + i] * w[row * inputs + i] }
        largest = max(largest, sum)
      }
      y.append(largest)
    }
  }
  return y
}

/// All three gradients by central differences.
private func measured(
  _ gradient: Tensor, _ input: Tensor, _ weight: Tensor, _ bias: Tensor, _ pieces: Int
) -> Outcome {
  let (xs, ws) = (input.count, weight.count)
  let slopes = CentralDifferences.gradient(
    at: doubles(input) + doubles(weight) + doubles(bias), upstream: doubles(gradient)
  ) { p in
    outputs(Array(p[..<xs]), Array(p[xs..<xs + ws]), Array(p[(xs + ws)...]), pieces, input.shape[1])
  }.map { Float($0) }
  return Outcome(
    ("input gradient", Tensor(input.shape, Array(slopes[..<xs]))),
    ("weight gradient", Tensor(weight.shape, Array(slopes[xs..<xs + ws]))),
    ("bias gradient", Tensor(bias.shape, Array(slopes[(xs + ws)...]))))
}

/// How a faulty layer differs from the correct one.
private struct Variant {
  /// The row of piece k of a unit.
  var row: (_ unit: Int, _ k: Int, _ units: Int, _ pieces: Int) -> Int = { unit, k, _, pieces in unit * pieces + k }
  /// Which of the sums give the output.
  var chosen: (_ sums: [Float]) -> [Int] = { sums in [sums.indices.max { sums[$0] < sums[$1] } ?? 0] }
  /// Which of them get the gradient; nil means the chosen ones.
  var getsGradient: ((_ sums: [Float]) -> [Int])?
  var isLastSampleOnly = false

  func forward(_ x: Tensor, _ w: Tensor, _ b: Tensor, _ pieces: Int) -> Tensor {
    let units = w.shape[0] / pieces
    var y = Tensor(zeros: [x.shape[0], units])
    for n in 0..<x.shape[0] {
      for unit in 0..<units {
        let sums = sums(n, unit, x, w, b, pieces)
        y[n, unit] = chosen(sums).reduce(0) { $0 + sums[$1] }
      }
    }
    return y
  }

  func backward(
    _ dy: Tensor, _ x: Tensor, _ w: Tensor, _ b: Tensor, _ pieces: Int
  ) -> (input: Tensor, weight: Tensor, bias: Tensor) {
    let units = w.shape[0] / pieces
    var (dx, dw, db) = (Tensor(zeros: x.shape), Tensor(zeros: w.shape), Tensor(zeros: b.shape))
    for n in 0..<x.shape[0] {
      let counts: Float = isLastSampleOnly && n < x.shape[0] - 1 ? 0 : 1
      for unit in 0..<units {
        let sums = sums(n, unit, x, w, b, pieces)
        for k in (getsGradient ?? chosen)(sums) {
          let place = row(unit, k, units, pieces)
          for i in 0..<x.shape[1] {
            dx[n, i] += dy[n, unit] * w[place, i]
            dw[place, i] += counts * dy[n, unit] * x[n, i]
          }
          db[place] += counts * dy[n, unit]
        }
      }
    }
    return (dx, dw, db)
  }

  private func sums(_ n: Int, _ unit: Int, _ x: Tensor, _ w: Tensor, _ b: Tensor, _ pieces: Int) -> [Float] {
    (0..<pieces).map { k in
      let place = row(unit, k, w.shape[0] / pieces, pieces)
      return (0..<x.shape[1]).reduce(b[place]) { $0 + x[n, $1] * w[place, $1] }
    }
  }
}

/// A mutant described by its variant of the layer.
private protocol VariantMutant: Ex02_4 {
  static var variant: Variant { get }
}

extension VariantMutant {
  static func forward(_ input: Tensor, weight: Tensor, bias: Tensor, pieces: Int) -> Tensor {
    variant.forward(input, weight, bias, pieces)
  }
  static func backward(
    _ outputGradient: Tensor, input: Tensor, weight: Tensor, bias: Tensor, pieces: Int
  ) -> (input: Tensor, weight: Tensor, bias: Tensor) {
    variant.backward(outputGradient, input, weight, bias, pieces)
  }
}

private enum Sum: VariantMutant {
  static var variant: Variant { Variant(chosen: { Array($0.indices) }) }
}
private enum Everyone: VariantMutant {
  static var variant: Variant { Variant(getsGradient: { Array($0.indices) }) }
}
private enum Interleaved: VariantMutant {
  static var variant: Variant { Variant(row: { unit, k, units, _ in k * units + unit }) }
}
private enum Magnitude: VariantMutant {
  static var variant: Variant { Variant(chosen: { sums in [sums.indices.max { abs(sums[$0]) < abs(sums[$1]) } ?? 0] }) }
}
private enum LastSample: VariantMutant {
  static var variant: Variant { Variant(isLastSampleOnly: true) }
}
private enum Smallest: VariantMutant {
  static var variant: Variant { Variant(chosen: { sums in [sums.indices.min { sums[$0] < sums[$1] } ?? 0] }) }
}
