// Exercise 4.3: the cases that check an answer, and the common mistakes recognized by name.

import ExerciseKit
import Foundation

extension Catalogue {
  package static let ex04_3 = Exercise<any Ex04_3.Type>(
    .ex04_3, section: "The derivation", difficulty: .easy,
    hints: [
      "How many products does one unit of the layer add up? For a convolution it is more than the number of inputs.",
      "The sum of n products has variance n·E[x²]·Var(w). After a ReLU, E[x²] is half the variance of its input. "
        + "Set the variance of the new sum equal to that of the old one and solve for Var(w).",
      "`let fanIn = weightShape.dropFirst().reduce(1, *)`, and σ is the square root of 2 / fanIn.",
    ],
    cases: [
      he([10, 50]),
      he([4096, 4096], "a wide square layer"),
      he([1, 2]),
      he(
        [16, 6, 5, 5], "a convolution", look: "A unit of a convolution sees every channel of its whole kernel window."),
      he([6, 1, 5, 5], "a convolution of one channel"),
      he([8, 32, 1, 1], "a 1×1 convolution"),
      he([3, 2, 2, 1], "a kernel that is not square"),
    ],
    mutants: [
      Mutant(
        "uses the fan-out instead of the fan-in",
        effect: "Wherever the width changes, the size of the signal changes too, and the changes multiply with depth.",
        FanOut.self),
      Mutant(
        "leaves out He's factor of 2, which gives Xavier's rule",
        effect: "Each ReLU halves the variance: 30 layers shrink the signal by about 30,000.", Xavier.self),
      Mutant(
        "returns the variance instead of the standard deviation",
        effect: "The weights start far too small; the signal dies within a few layers.", Variance.self),
      Mutant(
        "forgets the kernel window of a convolution",
        effect: "The weights of a 5×5 convolution start five times too large: activations grow fivefold per layer.",
        NoWindow.self),
      Mutant(
        "averages fan-in and fan-out, as Glorot does",
        effect: "The forward and backward signals are both preserved roughly, neither exactly.", Average.self),
    ])
}

private func he(_ shape: [Int], _ about: String = "", look: String = "") -> Case<any Ex04_3.Type> {
  Case(
    "standardDeviation(weightShape: \(shape))", about, look: look,
    gives: Initializer.heNormal.standardDeviation(Fans(weightShape: Shape(shape)))
  ) {
    try $0.standardDeviation(weightShape: shape)
  }
}

private func window(_ shape: [Int]) -> Int { shape.dropFirst(2).reduce(1, *) }

private enum FanOut: Ex04_3 {
  static func standardDeviation(weightShape: [Int]) -> Float { sqrt(2 / Float(weightShape[0] * window(weightShape))) }
}

private enum Xavier: Ex04_3 {
  static func standardDeviation(weightShape: [Int]) -> Float { sqrt(1 / Float(weightShape.dropFirst().reduce(1, *))) }
}

private enum Variance: Ex04_3 {
  static func standardDeviation(weightShape: [Int]) -> Float { 2 / Float(weightShape.dropFirst().reduce(1, *)) }
}

private enum NoWindow: Ex04_3 {
  static func standardDeviation(weightShape: [Int]) -> Float { sqrt(2 / Float(weightShape[1])) }
}

private enum Average: Ex04_3 {
  static func standardDeviation(weightShape: [Int]) -> Float {
    sqrt(4 / Float((weightShape[0] + weightShape[1]) * window(weightShape)))
  }
}
