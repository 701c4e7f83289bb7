// Exercise 10.4: the cases that check an answer, and the common mistakes recognized by name.

import ExerciseKit
import Foundation

extension Catalogue {
  package static let ex10_4 = Exercise<any Ex10_4.Type>(
    .ex10_4, section: "Which of the changes helps?", difficulty: .easy,
    hints: [
      "How long is a vector with components 3 and 4?",
      "The norm of a layer is the square root of the sum of its squared gradients. Its share is that norm "
        + "divided by the sum of all norms.",
      "`let norms = gradients.map { $0.map { $0 * $0 }.reduce(0, +).squareRoot() }`, then divide by their sum, "
        + "unless it is 0.",
    ],
    cases: [
      share([[3, 4], [5]], "two layers with norms of 5"),
      share([[3, -4], [0, 12, 5], [2]], "signs do not matter"),
      share([[1, 1, 1, 1], [1]], "a larger layer with equal numbers", look: "A norm is not a mean: size counts."),
      share([[0.5], [0, 0], [1.5]], "a layer without gradient"),
      share([[0, 0], [0]], "no gradient at all", look: "0 / 0 is undefined: return zeros."),
      share([[2e-5, 1e-5], [3e-6], [4e-4, 0, 1e-4]], "small numbers keep their proportions"),
      share([wave(60), wave(25)], "those of a convolution and of a bias"),
    ],
    mutants: [
      Mutant(
        "compares squared norms",
        effect: "Large layers look even larger: a layer with a third of the norm seems to get a tenth.", Squares.self),
      Mutant(
        "adds up absolute values",
        effect: "That is a different norm (L1): layers with many small numbers seem to get more.", Absolute.self),
      Mutant(
        "divides by the largest norm, not by the sum",
        effect: "The shares do not add up to 1, so two networks cannot be compared.", ByLargest.self),
      Mutant(
        "uses root mean squares, so that the size of a layer cancels",
        effect: "It shows how large a typical element is, not how much of the gradient the layer gets.", Mean.self),
      Mutant(
        "returns NaN if there is no gradient",
        effect: "The first batch without a gradient leaves the whole figure empty.", DividesByZero.self),
    ])
}

private func share(_ gradients: [[Float]], _ about: String, look: String = "") -> Case<any Ex10_4.Type> {
  let sizes = gradients.map { "\($0.count) numbers" }.joined(separator: ", ")
  let text = gradients.contains { $0.count > 8 } ? "[\(sizes)]" : "\(gradients)"
  return Case("shares(gradients: \(text))", about, look: look, gives: reference(gradients)) {
    try $0.shares(gradients: gradients)
  }
}

private func wave(_ count: Int) -> [Float] { (0..<count).map { sin(Float($0)) / Float(count) } }

private func reference(_ gradients: [[Float]]) -> [Double] {
  let norms = gradients.map { layer in layer.map { Double($0) * Double($0) }.reduce(0, +).squareRoot() }
  let sum = norms.reduce(0, +)
  return norms.map { sum > 0 ? $0 / sum : 0 }
}

private func divide(_ sizes: [Float], by whole: Float) -> [Float] { sizes.map { whole > 0 ? $0 / whole : 0 } }
private func squares(_ layer: [Float]) -> Float { layer.map { $0 * $0 }.reduce(0, +) }

private enum Squares: Ex10_4 {
  static func shares(gradients: [[Float]]) -> [Float] {
    let sizes = gradients.map(squares)
    return divide(sizes, by: sizes.reduce(0, +))
  }
}

private enum Absolute: Ex10_4 {
  static func shares(gradients: [[Float]]) -> [Float] {
    let sizes = gradients.map { $0.map(abs).reduce(0, +) }
    return divide(sizes, by: sizes.reduce(0, +))
  }
}

private enum ByLargest: Ex10_4 {
  static func shares(gradients: [[Float]]) -> [Float] {
    let sizes = gradients.map { squares($0).squareRoot() }
    return divide(sizes, by: sizes.max() ?? 0)
  }
}

private enum Mean: Ex10_4 {
  static func shares(gradients: [[Float]]) -> [Float] {
    let sizes = gradients.map { (squares($0) / Float($0.count)).squareRoot() }
    return divide(sizes, by: sizes.reduce(0, +))
  }
}

private enum DividesByZero: Ex10_4 {
  static func shares(gradients: [[Float]]) -> [Float] {
    let sizes = gradients.map { squares($0).squareRoot() }
    let sum = sizes.reduce(0, +)
    return sizes.map { $0 / sum }
  }
}
