// Exercise 4.1: the cases that check an answer, and the common mistakes recognized by name.

import ExerciseKit

extension Catalogue {
  package static let ex04_1 = Exercise<any Ex04_1.Type>(
    .ex04_1, section: "Convolutions: fan-in and fan-out", difficulty: .easy,
    hints: [
      "Draw one unit of the layer. How many numbers feed into it? Then draw one input: how many sums does it enter?",
      "Weights are stored as [out, in, kernel height, kernel width]. The window counts for both fans: a unit sees each "
        + "position of its window, and an input lies in as many windows as a window has positions.",
      "`let window = weightShape.dropFirst(2).reduce(1, *)`; the fans are the second and the first axis times that.",
    ],
    cases: [
      fans([10, 50], "a dense layer with 50 inputs and 10 units"),
      fans([1, 2], "a single unit"),
      fans([6, 1, 5, 5], "LeNet-5's first convolution", look: "An input pixel lies in 25 windows of each filter."),
      fans([16, 6, 5, 5], "a convolution of six channels"),
      fans([8, 32, 1, 1], "a 1×1 convolution: a dense layer at every position"),
      fans([3, 2, 2, 7], "a kernel that is not square", look: "The window has height times width positions."),
    ],
    mutants: [
      Mutant(
        "exchanges fan-in and fan-out",
        effect: "A narrowing layer starts too large and a widening one too small; the errors multiply with depth.",
        Exchanged.self),
      Mutant(
        "forgets the kernel window",
        effect: "A 5×5 convolution starts with weights five times too large: activations grow fivefold in every layer.",
        NoWindow.self),
      Mutant(
        "forgets the kernel window in the fan-out",
        effect: "The forward signal may be right, but Glorot's rule then distorts the gradient.", NoWindowOut.self),
      Mutant(
        "multiplies by the side of the window instead of its area",
        effect: "The weights of a 5×5 convolution start √5 times too large in every layer.", Side.self),
      Mutant(
        "counts all weights of the layer",
        effect: "The weights start far too small, and the signal dies within a few layers.",
        AllWeights.self),
    ])
}

private func fans(_ shape: [Int], _ about: String, look: String = "") -> Case<any Ex04_1.Type> {
  let right = Fans(weightShape: Shape(shape))
  return Case("fans(weightShape: \(shape))", about, look: look, gives: [right.fanIn, right.fanOut]) {
    try $0.fans(weightShape: shape)
  }
}

private func window(_ shape: [Int]) -> Int { shape.dropFirst(2).reduce(1, *) }

private enum Exchanged: Ex04_1 {
  static func fans(weightShape shape: [Int]) -> [Int] { [shape[0] * window(shape), shape[1] * window(shape)] }
}

private enum NoWindow: Ex04_1 {
  static func fans(weightShape shape: [Int]) -> [Int] { [shape[1], shape[0]] }
}

private enum NoWindowOut: Ex04_1 {
  static func fans(weightShape shape: [Int]) -> [Int] { [shape[1] * window(shape), shape[0]] }
}

private enum Side: Ex04_1 {
  static func fans(weightShape shape: [Int]) -> [Int] {
    let side = shape.count > 2 ? shape[2] : 1
    return [shape[1] * side, shape[0] * side]
  }
}

private enum AllWeights: Ex04_1 {
  static func fans(weightShape shape: [Int]) -> [Int] { [shape.reduce(1, *), shape.reduce(1, *)] }
}
