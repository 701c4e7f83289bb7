// Exercise 4.1: how an answer is examined, and the mistakes known by name.

import ExerciseKit

extension Catalogue {
  package static let ex04_1 = Exercise<any Ex04_1.Type>(
    .ex04_1, section: "Convolutions: fan-in and fan-out", difficulty: .easy,
    hints: [
      "Draw one unit of the layer. How many numbers run into it? Then draw one input: into how many sums does it go?",
      "Weights are stored as [out, in, kernel height, kernel width]. The window counts on both sides: a unit sees every "
        + "place of it, and an input lies in as many windows as the window has places.",
      "`let window = weightShape.dropFirst(2).reduce(1, *)`; the fans are the second and the first axis times that.",
    ],
    cases: [
      fans([10, 50], "a dense layer with 50 inputs and 10 units"),
      fans([1, 2], "a single unit"),
      fans([6, 1, 5, 5], "LeNet-5's first convolution", look: "An input pixel lies in 25 windows of each filter."),
      fans([16, 6, 5, 5], "a convolution of six channels"),
      fans([8, 32, 1, 1], "a 1×1 convolution: a dense layer at every place"),
      fans([3, 2, 2, 7], "a kernel that is not square", look: "The window has height times width places."),
    ],
    mutants: [
      Mutant(
        "exchanges fan-in and fan-out",
        effect: "A layer that narrows starts too small and one that widens too large; with depth the errors multiply.",
        Exchanged.self),
      Mutant(
        "forgets the kernel window",
        effect: "A 5×5 convolution starts with weights five times too large: activations grow fivefold in every layer.",
        NoWindow.self),
      Mutant(
        "forgets the kernel window in the fan-out",
        effect: "The forward signal may be right, but Glorot's rule then serves the gradient badly.", NoWindowOut.self),
      Mutant(
        "counts the side of the window once instead of its area",
        effect: "A 5×5 convolution starts √5 times too large in every layer.", Side.self),
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
